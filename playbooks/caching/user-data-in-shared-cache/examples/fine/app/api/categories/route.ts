import { NextResponse } from 'next/server'
import { getCategories } from '@/lib/orders'

export async function GET() {
  const categories = await getCategories()
  return NextResponse.json(categories, { headers: { 'Cache-Control': 'public, s-maxage=600' } })
}
