import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LoginForm } from '@/components/login-form'
import { SignUpForm } from '@/components/sign-up-form'

export const metadata: Metadata = { title: 'Log in' }

export default function LoginPage() {
  return (
    <>
      <h1>Log in</h1>
      <Suspense>
        <LoginForm />
      </Suspense>
      <h2>New here?</h2>
      <SignUpForm />
    </>
  )
}
