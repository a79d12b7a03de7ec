export const revalidate = 60 // expect: caching/inert-revalidate

export default function UserPage({ params }: { params: { id: string } }) {
  return <h1>{params.id}</h1>
}
