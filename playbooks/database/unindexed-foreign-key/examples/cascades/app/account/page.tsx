import { deleteAccount } from './actions'

async function submit() {
  'use server'
  await deleteAccount()
}

export default function AccountPage() {
  return (
    <form action={submit}>
      <button type="submit">Delete my account</button>
    </form>
  )
}
