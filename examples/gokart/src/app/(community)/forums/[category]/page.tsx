import { notFound } from 'next/navigation'
import { Pagination } from '@/components/pagination'
import { TopicForm } from '@/components/topic-form'
import { TopicList } from '@/components/topic-list'
import { countTopics, getCategory, listTopics, TOPICS_PER_PAGE } from '@/lib/data/forums'
import { pageSchema } from '@/lib/schemas/forum'

interface Props {
  params: Promise<{ category: string }>
  searchParams: Promise<{ page?: string }>
}

export default async function CategoryPage({ params, searchParams }: Props) {
  const [{ category: slug }, query] = await Promise.all([params, searchParams])
  const page = pageSchema.parse(query.page)
  const category = await getCategory(slug)
  if (!category) notFound()

  const [topics, total] = await Promise.all([listTopics(category.id, page), countTopics(category.id)])

  return (
    <>
      <h1>{category.name}</h1>
      <p>{category.description}</p>
      <TopicList category={category.slug} topics={topics} />
      <Pagination
        path={`/forums/${category.slug}`}
        page={page}
        pages={Math.max(1, Math.ceil(total / TOPICS_PER_PAGE))}
      />
      <h2>Open a topic</h2>
      <TopicForm categoryId={category.id} category={category.slug} />
    </>
  )
}
