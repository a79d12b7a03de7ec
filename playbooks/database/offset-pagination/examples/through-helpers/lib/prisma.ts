import { PrismaClient } from '@prisma/client'

const prisma = new PrismaClient()

export function listVenues(page: number) {
  return prisma.venue.findMany({ orderBy: { id: 'asc' }, skip: (page - 1) * 25, take: 25 }) // expect: database/offset-pagination
}
