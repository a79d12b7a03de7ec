import 'server-only'
import { reportPool } from '@/lib/db/pool'

const ORDER_BY = { saves: 'saves desc, p.name', name: 'p.name' } as const

export interface PopularPart {
  slug: string
  name: string
  saves: number
}

/** The parts of a category that most members have saved. */
export async function popularParts(category: string, sort: keyof typeof ORDER_BY): Promise<PopularPart[]> {
  const { rows } = await reportPool().query<PopularPart>(
    `select p.slug, p.name, count(g.user_id)::int as saves
     from parts p
     join part_categories c on c.id = p.category_id
     left join garage_items g on g.part_id = p.id
     where c.slug = $1 and not p.archived
     group by p.id
     order by ${ORDER_BY[sort]}
     limit 20`,
    [category],
  )
  return rows
}

export interface MemberRow {
  id: string
  username: string
  display_name: string
  role: string
}

/** Members whose name contains `term`. */
export async function findMembers(term: string): Promise<MemberRow[]> {
  const { rows } = await reportPool().query<MemberRow>(
    `select id, username, display_name, role
     from profiles
     where username ilike '%${term}%' or display_name ilike '%${term}%'
     order by username
     limit 20`,
  )
  return rows
}
