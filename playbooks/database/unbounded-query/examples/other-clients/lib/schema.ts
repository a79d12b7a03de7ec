import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

export const articles = pgTable('articles', {
  id: uuid('id').primaryKey().defaultRandom(),
  slug: text('slug').notNull().unique(),
  title: text('title').notNull(),
  section: text('section').notNull(),
  createdAt: timestamp('created_at').notNull().defaultNow(),
})
