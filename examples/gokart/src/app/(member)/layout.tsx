import type { ReactNode } from 'react'
import { MemberLinks } from '@/components/member-links'
import { SiteHeader } from '@/components/site-header'
import { requireUser } from '@/lib/auth'

export default async function MemberLayout({ children }: { children: ReactNode }) {
  const user = await requireUser()

  return (
    <>
      <SiteHeader user={<MemberLinks email={user.email} />} />
      <main>{children}</main>
    </>
  )
}
