'use client'

import { removeItem } from '@/app/dashboard/actions'

export function ItemList({ items }: { items: { id: string; title: string }[] }) {
  return items.map(item => (
    <button
      key={item.id}
      type="button"
      onClick={async () => {
        await removeItem(item.id)
      }}
    >
      Remove {item.title}
    </button>
  ))
}
