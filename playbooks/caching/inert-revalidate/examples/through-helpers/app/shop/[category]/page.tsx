export const revalidate = 600 // expect: caching/inert-revalidate

export async function generateMetadata({ params }: { params: Promise<{ category: string }> }) {
  return { title: (await params).category }
}

export default async function CategoryPage({ params }: { params: Promise<{ category: string }> }) {
  const { category } = await params
  return <h1>{category}</h1>
}
