import type { ReactNode } from 'react'
import { MemberLinks } from '@/components/member-links'
import { SiteHeader } from '@/components/site-header'
import { getCurrentUser } from '@/lib/auth'

export default async function CommunityLayout({ children }: { children: ReactNode }) {
  const user = await getCurrentUser()

  return (
    <>
      <SiteHeader user={<MemberLinks email={user?.email ?? null} />} />
      <main>{children}</main>
    </>
  )
}
