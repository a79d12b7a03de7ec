'use server'

import { sql } from 'drizzle-orm'
import { requireUser } from '@/lib/auth'
import { connect } from '@/lib/connect'
import { db } from '@/lib/drizzle'
import { sessionPool } from '@/lib/session-pool'

export async function loadReport() {
  const { user } = await requireUser()
  const connection = connect()
  const totals = await connection`select total_cents from reports where user_id = ${user.id} order by id desc limit 12`
  const plan = await db.execute(sql`select name from plans where user_id = ${user.id} limit 1`)
  const { rows } = await sessionPool().query('select balance_cents from accounts where user_id = $1 limit 1', [user.id])
  return { totals, plan, balance: rows[0] }
}
