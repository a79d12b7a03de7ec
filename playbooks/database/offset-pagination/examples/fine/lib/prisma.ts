import { PrismaClient } from '@prisma/client'

const prisma = new PrismaClient()

/** `skip: 1` steps over the cursor itself. */
export function venuesAfter(cursor: string) {
  return prisma.venue.findMany({ take: 25, skip: 1, cursor: { id: cursor }, orderBy: { id: 'asc' } })
}
