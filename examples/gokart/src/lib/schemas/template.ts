import { z } from 'zod'

export const templateIdSchema = z.object({ id: z.uuid() })

export const proposeTemplateSchema = z.object({
  name: z.string().trim().min(3, 'At least three characters.').max(80),
  summary: z.string().trim().max(300).default(''),
  engineId: z.uuid('Choose an engine.'),
})
