import { z } from 'zod'

export const memberRoleSchema = z.object({ memberId: z.uuid(), role: z.enum(['member', 'moderator', 'admin']) })
export const memberSearchSchema = z.string().trim().max(40).catch('')
