import { z } from 'zod'

export const topicSchema = z.object({
  categoryId: z.coerce.number().int().positive(),
  title: z.string().trim().min(5, 'At least five characters.').max(120),
  body: z.string().trim().min(1, 'Write something.').max(10_000),
})

export const replySchema = z.object({
  topicId: z.coerce.number().int().positive(),
  body: z.string().trim().min(1, 'Write something.').max(10_000),
})

export const pageSchema = z.coerce.number().int().min(1).max(10_000).catch(1)
export const topicIdSchema = z.coerce.number().int().positive()
