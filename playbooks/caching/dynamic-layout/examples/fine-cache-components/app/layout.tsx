import { Suspense } from 'react'
import { Header } from '@/components/header'

/** With cacheComponents the shell is static and the header streams in. */
export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Suspense fallback={<header>…</header>}>
          <Header />
        </Suspense>
        {children}
      </body>
    </html>
  )
}
