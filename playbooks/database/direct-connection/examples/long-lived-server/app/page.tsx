import { pool } from '@/lib/db'

export const revalidate = 60

export default async function HomePage() {
  const { rows } = await pool.query('select title from posts order by created_at desc limit 5')
  return <p>{rows.map(row => row.title).join(', ')}</p>
}
