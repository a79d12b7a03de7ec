import { headers } from 'next/headers'

async function isPhone() {
  return /mobile/i.test((await headers()).get('user-agent') ?? '')
}

export default async function HelpLayout({ children }: { children: React.ReactNode }) {
  const phone = await isPhone() // expect: caching/dynamic-layout
  return <div data-phone={phone}>{children}</div>
}
