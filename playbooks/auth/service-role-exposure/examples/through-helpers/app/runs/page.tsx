import { requireUser } from '@/lib/auth'
import { serverClient } from '@/lib/db'
import { recentRuns } from '@/lib/runs'

/** The runs of all tenants, shown to each. */
export default async function RunsPage() {
  await requireUser()
  const runs = await recentRuns(serverClient()) // expect: auth/service-role-exposure
  return <p>{runs.length} runs</p>
}
