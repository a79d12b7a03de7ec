import { z } from 'zod'

const cursorSchema = z.object({ at: z.iso.datetime({ offset: true }), id: z.uuid() })

/** The last row of a page in a list ordered by (created_at desc, id desc). */
export type Cursor = z.infer<typeof cursorSchema>

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** The cursor in a link; null when there is none or it is not one of ours. */
export function decodeCursor(text: string | undefined): Cursor | null {
  if (!text) return null
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
