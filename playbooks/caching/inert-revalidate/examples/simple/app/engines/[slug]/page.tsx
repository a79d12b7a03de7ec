import { notFound } from 'next/navigation'
import { createPublicClient } from '@/lib/supabase/public'

// Without generateStaticParams the route stays dynamic, and this line says nothing.
export const revalidate = 3600 // expect: caching/inert-revalidate

export default async function EnginePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  const supabase = createPublicClient()
  const { data: engine, error } = await supabase.from('engines').select('name').eq('slug', slug).maybeSingle()
  if (error) throw new Error('Could not load the engine')
  if (!engine) notFound()
  return <h1>{engine.name}</h1>
}
