export const revalidate = 60

/** Taken apart, and never read: the page stays static. */
export default function TodayPage({ searchParams: _unused }: { searchParams: Record<string, string> }) {
  return <h1>{new Date().toDateString()}</h1>
}
