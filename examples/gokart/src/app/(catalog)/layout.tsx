import type { ReactNode } from 'react'
import { SiteHeader } from '@/components/site-header'
import { UserMenu } from '@/components/user-menu'

export default function CatalogLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SiteHeader user={<UserMenu />} />
      <main>{children}</main>
    </>
  )
}
