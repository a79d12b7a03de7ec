import { PrismaClient } from '@prisma/client'

const prisma = new PrismaClient()

/** Prisma Client joins the findUnique calls of one tick into one query. */
export async function suppliers(ids: string[]) {
  return Promise.all(ids.map(id => prisma.supplier.findUnique({ where: { id } })))
}
