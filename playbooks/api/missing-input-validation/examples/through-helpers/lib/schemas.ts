import { z } from 'zod'

export const buildInput = z.object({ title: z.string().min(1).max(120), notes: z.string().max(5000).optional() })
export type BuildInput = z.infer<typeof buildInput>
