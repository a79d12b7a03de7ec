import { requireUser } from '@/lib/auth'

/** Every page below belongs to the visitor: none of them could be static. */
export default async function AccountLayout({ children }: { children: React.ReactNode }) {
  const { user } = await requireUser()
  return (
    <section>
      <p>{user.email}</p>
      {children}
    </section>
  )
}
