/** Texts that we wrote for people. */
export class AppError extends Error {}

const MESSAGES: Record<string, string> = {
  '23505': 'That name is taken',
  '23503': 'The part no longer exists',
}

export function messageFor(code: string): string {
  return MESSAGES[code] ?? 'Something went wrong'
}

export function publicMessage(error: unknown): string {
  return error instanceof AppError ? error.message : 'Something went wrong'
}
