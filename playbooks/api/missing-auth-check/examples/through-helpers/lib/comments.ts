import type { SupabaseClient } from '@supabase/supabase-js'

export interface Comment {
  post_id: string
  body: string
}

export async function insertComment(client: SupabaseClient, comment: Comment, authorId: string | undefined) {
  const { error } = await client.from('comments').insert({ ...comment, author_id: authorId })
  if (error) throw new Error('Could not save the comment')
}
