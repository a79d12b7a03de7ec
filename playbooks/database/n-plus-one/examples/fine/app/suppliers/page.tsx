import { suppliers } from '@/lib/prisma'

export const revalidate = 3600

export default async function SuppliersPage() {
  const list = await suppliers(['acme', 'globex', 'initech'])
  return <p>{list.map(supplier => supplier?.name).join(', ')}</p>
}
