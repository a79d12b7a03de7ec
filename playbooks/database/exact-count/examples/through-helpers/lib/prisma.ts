import { PrismaClient } from '@prisma/client'

export const prisma = new PrismaClient()

export function countSold() {
  return prisma.listing.count({ where: { status: 'sold' } }) // expect: database/exact-count
}
