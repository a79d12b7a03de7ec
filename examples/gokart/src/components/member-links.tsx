import Link from 'next/link'

export function MemberLinks({ email }: { email: string | null }) {
  if (!email) return <Link href="/login">Log in</Link>
  return (
    <>
      <span className="soft">{email}</span> <Link href="/dashboard">My builds</Link>{' '}
      <Link href="/settings">Settings</Link>
    </>
  )
}
