'use server'

import { sql } from 'drizzle-orm'
import { requireUser } from '@/lib/auth'
import { db } from '@/lib/drizzle'
import { getPool } from '@/lib/pool'
import { prisma } from '@/lib/prisma'

export async function loadReport() {
  const { user } = await requireUser()
  const totals = await db.execute(sql`select total_cents from reports where user_id = ${user.id} order by id desc limit 12`)
  const { rows } = await getPool().query('select balance_cents from accounts where user_id = $1 limit 1', [user.id])
  const plan = await prisma.plan.findUnique({ where: { userId: user.id } })
  return { totals, balance: rows[0], plan }
}
