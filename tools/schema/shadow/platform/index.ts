import { createHash } from 'node:crypto'
import { AUTH } from './auth.ts'
import { controlSql, PREINSTALLED } from './control.ts'
import { ROLES } from './roles.ts'
import { STORAGE } from './storage.ts'

/** SQL that turns an empty cluster into a new Supabase project, for the superuser. */
export function platformSql(): string {
  return [ROLES, controlSql(), PREINSTALLED, AUTH, STORAGE].join('\n')
}

/** Changes when the platform changes: part of the key of every template. */
export function platformVersion(): string {
  return createHash('sha256').update(platformSql()).digest('hex').slice(0, 16)
}
