import { z } from 'zod'

export const buildSchema = z.object({
  name: z.string().trim().min(3, 'At least three characters.').max(80),
  description: z.string().trim().max(2000).default(''),
  engineId: z.uuid('Choose an engine.'),
  visibility: z.enum(['public', 'private']).default('public'),
  partIds: z.array(z.uuid()).max(40, 'Forty parts are plenty.').default([]),
})

export const updateBuildSchema = z.object({
  id: z.uuid(),
  name: z.string().trim().min(3, 'At least three characters.').max(80),
  description: z.string().trim().max(2000),
  visibility: z.enum(['public', 'private']),
})

export const buildIdSchema = z.object({ id: z.uuid() })
export const likeSchema = z.object({ buildId: z.uuid(), liked: z.boolean() })
export const fromTemplateSchema = z.object({ templateId: z.uuid() })
