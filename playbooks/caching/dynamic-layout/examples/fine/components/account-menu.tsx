'use client'

import { useEffect, useState } from 'react'

export function AccountMenu() {
  const [name, setName] = useState<string>()
  useEffect(() => {
    setName(document.cookie.match(/name=([^;]+)/)?.[1])
  }, [])
  return <nav>{name ?? 'Sign in'}</nav>
}
