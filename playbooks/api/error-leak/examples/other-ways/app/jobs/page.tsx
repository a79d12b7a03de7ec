import { Notice } from '@/components/notice'
import { loadJobs } from '@/lib/jobs'

/** The text of a result, handed to a component. */
export default async function Page() {
  const jobs = await loadJobs()
  if (jobs.isErr()) return <Notice text={jobs.error} /> // expect: api/error-leak
  return <p>{jobs.value.length} jobs</p>
}
