import { cookies } from 'next/headers'
import { AccountMenu } from '@/components/account-menu'
import { headers } from '@/lib/headers'

async function setTheme(formData: FormData) {
  'use server'
  const cookieStore = await cookies()
  cookieStore.set('theme', formData.get('theme') === 'dark' ? 'dark' : 'light')
}

/** Cookies are set by the form's action, and the visitor's menu is filled in by the browser: the layout stays static. */
export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en" data-build={headers().build}>
      <body>
        <AccountMenu />
        <form action={setTheme}>
          <button type="submit" name="theme" value="dark">
            Dark
          </button>
        </form>
        {children}
      </body>
    </html>
  )
}
