import { formatDate } from '@/lib/format'

interface Post {
  id: number
  body: string
  created_at: string
  author: { display_name: string } | null
}

export function PostList({ posts }: { posts: Post[] }) {
  return posts.map(post => (
    <article key={post.id} className="card">
      <p className="soft">
        {post.author?.display_name ?? 'Somebody who left'}, {formatDate(post.created_at)}
      </p>
      <p style={{ whiteSpace: 'pre-wrap' }}>{post.body}</p>
    </article>
  ))
}
