'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { serverClient } from '@/lib/db'
import { approveRun } from '@/lib/runs'

/** Any member may approve any team's run. */
export async function approve(input: unknown) {
  const runId = z.uuid().parse(input)
  const { user } = await requireUser()
  const client = serverClient() // expect: auth/service-role-exposure
  await approveRun(client, runId, user.id)
}

/** The twin: the client of the user, so that the policies decide. */
export async function approveOwn(input: unknown) {
  const runId = z.uuid().parse(input)
  const { supabase, user } = await requireUser()
  await approveRun(supabase, runId, user.id)
}
