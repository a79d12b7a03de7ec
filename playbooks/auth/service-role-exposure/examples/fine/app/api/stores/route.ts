import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'

const store = z.object({ name: z.string().min(1).max(80) })

/** The owner is part of the key: only their own row can be met. */
export async function PUT(request: Request) {
  const { user } = await requireUser()
  const { name } = store.parse(await request.json())
  const admin = createAdminClient()
  const { error } = await admin.from('stores').upsert({ name, owner_id: user.id }, { onConflict: 'owner_id,name' })
  return NextResponse.json({ ok: !error }, { status: error ? 500 : 200 })
}
