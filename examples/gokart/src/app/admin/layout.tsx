import Link from 'next/link'
import type { ReactNode } from 'react'
import { requireAdmin } from '@/lib/auth'

export default async function AdminLayout({ children }: { children: ReactNode }) {
  await requireAdmin()

  return (
    <>
      <header className="site-header">
        <Link href="/admin" className="brand">
          Race control
        </Link>
        <Link href="/admin/parts">Parts</Link>
        <Link href="/admin/templates">Templates</Link>
        <Link href="/">Back to the site</Link>
      </header>
      <main>{children}</main>
    </>
  )
}
