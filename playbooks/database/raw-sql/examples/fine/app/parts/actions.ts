'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { anyOf, bySlug, describe, newest, sorted, withDrizzle, withParameters, withPrisma } from '@/lib/db'

const slugInput = z.string().regex(/^[a-z0-9-]{1,80}$/)

export async function findPart(input: unknown) {
  const slug = slugInput.parse(input)
  await requireUser()
  console.info(describe(slug))
  return Promise.all([bySlug(slug), withPrisma(slug), withDrizzle(slug), withParameters(slug)])
}

const listInput = z.object({ order: z.enum(['name', 'price']), brand: z.string().max(80), ids: z.array(z.uuid()).max(50) })

export async function listParts(input: unknown) {
  const { order, brand, ids } = listInput.parse(input)
  await requireUser()
  return Promise.all([sorted(order, brand), newest(), anyOf(ids)])
}
