import { z } from 'zod'

export const partIdSchema = z.object({ partId: z.uuid() })

export const searchSchema = z.object({
  q: z.string().trim().min(2).max(60),
  sort: z.string().max(20).default('name'),
})

export const popularPartsSchema = z.object({
  category: z.string().regex(/^[a-z-]{2,40}$/),
  sort: z.enum(['saves', 'name']).default('saves'),
})
