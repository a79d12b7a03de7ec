import { requireUser } from '@/lib/auth'

export const dynamic = 'force-dynamic'

export default async function AccountLayout({ children }: { children: React.ReactNode }) {
  const { user } = await requireUser()
  return (
    <section>
      <p>{user.email}</p>
      {children}
    </section>
  )
}
