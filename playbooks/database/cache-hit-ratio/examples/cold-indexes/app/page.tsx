export default function HomePage() {
  return <p>The database is what this example is about.</p>
}
