import Link from 'next/link'
import type { ReactNode } from 'react'

export function SiteHeader({ user }: { user: ReactNode }) {
  return (
    <header className="site-header">
      <Link href="/" className="brand">
        Gokart
      </Link>
      <Link href="/engines">Engines</Link>
      <Link href="/parts">Parts</Link>
      <Link href="/templates">Templates</Link>
      <Link href="/builds">Builds</Link>
      <Link href="/forums">Forum</Link>
      <nav className="user">{user}</nav>
    </header>
  )
}
