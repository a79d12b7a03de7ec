'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { createClient } from '@/lib/supabase/browser'

interface Me {
  name: string
  admin: boolean
}

async function loadMe(): Promise<Me | null> {
  const { data } = await createClient().auth.getSession()
  if (!data.session) return null
  const response = await fetch('/api/me')
  return response.ok ? response.json() : null
}

/** Who is signed in, asked by the browser, so that the pages around it are the same for everybody. */
export function UserMenu() {
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: loadMe, staleTime: 300_000 })

  async function signOut() {
    await createClient().auth.signOut()
    window.location.assign('/')
  }

  if (!me) return <Link href="/login">Log in</Link>
  return (
    <>
      <span className="soft">{me.name}</span> <Link href="/dashboard">My builds</Link>{' '}
      {me.admin && <Link href="/admin">Admin</Link>}{' '}
      <button type="button" onClick={signOut}>
        Log out
      </button>
    </>
  )
}
