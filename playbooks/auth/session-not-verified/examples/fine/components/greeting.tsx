'use client'

import { useEffect, useState } from 'react'
import { createClient } from '@/lib/supabase/browser'

/** In the browser the session decides what is shown, not what is allowed. */
export function Greeting() {
  const [email, setEmail] = useState<string>()
  useEffect(() => {
    createClient()
      .auth.getSession()
      .then(({ data }) => setEmail(data.session?.user.email))
  }, [])
  return <p>{email ?? 'Welcome'}</p>
}
