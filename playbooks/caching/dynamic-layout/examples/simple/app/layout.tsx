import { cookies } from 'next/headers'

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const theme = (await cookies()).get('theme')?.value ?? 'light' // expect: caching/dynamic-layout
  return (
    <html lang="en" data-theme={theme}>
      <body>{children}</body>
    </html>
  )
}
