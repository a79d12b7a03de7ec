import { placeOrder } from './actions'

export default function HomePage() {
  return (
    <form
      action={async () => {
        'use server'
        await placeOrder({ total: 100 })
      }}
    >
      <button type="submit">Order</button>
    </form>
  )
}
