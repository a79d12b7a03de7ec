import { NextResponse } from 'next/server'
import { loadJobs } from '@/lib/jobs'

export async function GET() {
  const jobs = await loadJobs()
  return jobs.match(
    data => NextResponse.json({ data }),
    message => NextResponse.json({ error: message }, { status: 500 }), // expect: api/error-leak
  )
}

/** What went well holds nothing of what went wrong. */
export async function HEAD() {
  const jobs = await loadJobs()
  if (jobs.isErr()) return NextResponse.json({ error: 'Could not load your jobs' }, { status: 500 })
  return NextResponse.json({ data: jobs.value })
}
