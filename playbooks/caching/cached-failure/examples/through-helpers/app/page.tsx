import { getParts, getRates } from '@/lib/catalogue'

export default async function HomePage() {
  const [parts, rates] = await Promise.all([getParts(), getRates()])
  return <pre>{JSON.stringify({ parts, rates })}</pre>
}
