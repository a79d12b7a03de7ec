import type { SupabaseClient } from '@supabase/supabase-js'

export interface PartFilter {
  brand?: string
  sort?: 'price' | 'name'
  limit?: number
}

export function partsRepository(db: SupabaseClient) {
  const table = () => db.from('parts') // expect: database/unbounded-query

  return {
    all: () => table().select('id, name').order('name'),

    async list(filter: PartFilter) {
      let query = db.from('parts').select('id, name, price_cents') // expect: database/unbounded-query
      if (filter.brand) query = query.eq('brand', filter.brand)
      if (filter.sort === 'price') {
        query = query.order('price_cents')
      } else {
        query = query.order('name')
      }
      // Only one of the two ways has a limit.
      if (filter.limit) query = query.limit(Math.min(filter.limit, 50))
      return query
    },

    bySlug(slug: string) {
      return db.from('parts').select('id, name, price_cents').eq('slug', slug)
    },
  }
}
