import Link from 'next/link'

interface Props {
  path: string
  page: number
  pages: number
}

export function Pagination({ path, page, pages }: Props) {
  return (
    <nav aria-label="Pages">
      {page > 1 && <Link href={`${path}?page=${page - 1}`}>Newer</Link>}{' '}
      <span className="soft">
        Page {page} of {pages}
      </span>{' '}
      {page < pages && <Link href={`${path}?page=${page + 1}`}>Older</Link>}
    </nav>
  )
}
