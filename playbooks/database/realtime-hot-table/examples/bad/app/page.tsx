import { send } from './actions'

export default function HomePage() {
  return (
    <form
      action={async () => {
        'use server'
        await send({ room: 1, body: 'hello' })
      }}
    >
      <button type="submit">Send</button>
    </form>
  )
}
