'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { pool } from '@/lib/pool'
import { prisma } from '@/lib/prisma'

const brandInput = z.string().min(1).max(80)

/** A schema that says "string" lets a quote through. */
export async function partsOfBrand(input: unknown) {
  const brand = brandInput.parse(input)
  await requireUser()
  const { rows } = await pool.query(`select id, name from parts where brand = '${brand}' order by name limit 20`) // expect: database/raw-sql
  return rows
}

export async function partBySlug(input: unknown) {
  const slug = z.string().max(120).parse(input)
  await requireUser()
  return prisma.$queryRawUnsafe(`select id, name from parts where slug = '${slug}' limit 1`) // expect: database/raw-sql
}
