import { getCachedOrders, getCategories, getPlan, getViewerOrders } from '@/lib/orders'

export default async function AccountPage() {
  const [orders, again, plan, categories] = await Promise.all([getViewerOrders(), getCachedOrders(), getPlan(), getCategories()])
  return <pre>{JSON.stringify({ orders, again, plan, categories })}</pre>
}
