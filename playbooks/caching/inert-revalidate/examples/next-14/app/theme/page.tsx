import { cookies } from 'next/headers'

export const revalidate = 60 // expect: caching/inert-revalidate

export default function ThemePage() {
  return <h1>{cookies().get('theme')?.value}</h1>
}
