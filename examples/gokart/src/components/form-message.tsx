import type { ActionResult } from '@/lib/action-result'

interface Props {
  result: ActionResult<unknown> | null
  done?: string
}

/** What came of a form: nothing yet, done, or what is wrong with which field. */
export function FormMessage({ result, done }: Props) {
  if (!result) return null
  if (result.success) return done ? <p className="soft">{done}</p> : null
  const details = Object.entries(result.fieldErrors ?? {})
  return (
    <div className="error" role="alert">
      <p>{result.error}</p>
      <ul>
        {details.map(([field, messages]) => (
          <li key={field}>{messages.join(' ')}</li>
        ))}
      </ul>
    </div>
  )
}
