import { desc } from 'drizzle-orm'
import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

const events = pgTable('events', { id: uuid('id').primaryKey(), name: text('name').notNull() })
const db = drizzle(postgres(process.env.DATABASE_URL!, { prepare: false }))

export function listEvents(page: number) {
  return db.select().from(events).orderBy(desc(events.id)).limit(25).offset((page - 1) * 25) // expect: database/offset-pagination
}
