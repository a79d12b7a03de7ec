import { NextResponse } from 'next/server'
import { buildIdSchema } from '@/lib/schemas/build'
import { createAdminClient } from '@/lib/supabase/admin'
import { withUser } from '@/lib/with-user'

export const GET = withUser<{ id: string }>(async (_request, _user, params) => {
  const parsed = buildIdSchema.safeParse(params)
  if (!parsed.success) return NextResponse.json({ error: 'There is no such build.' }, { status: 400 })

  const supabase = createAdminClient()
  const { data: build, error } = await supabase
    .from('builds')
    .select(
      'name, description, created_at, engine:engines(name), build_parts(quantity, part:parts(name, brand, price_cents))',
    )
    .eq('id', parsed.data.id)
    .limit(60, { referencedTable: 'build_parts' })
    .maybeSingle()
  if (error) throw new Error(`export: ${error.message}`)
  if (!build) return NextResponse.json({ error: 'There is no such build.' }, { status: 404 })

  return NextResponse.json(build, {
    headers: { 'Content-Disposition': 'attachment; filename="build.json"', 'Cache-Control': 'private, no-store' },
  })
})
