export const dynamic = 'force-static'
export const revalidate = 3600

export default async function NamedPage({ params }: { params: Promise<{ name: string }> }) {
  const { name } = await params
  return <h1>{name}</h1>
}
