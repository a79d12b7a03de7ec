import { db } from '@/lib/db'
import { type PartFilter, partsRepository } from './repository'

export async function listParts(filter: PartFilter) {
  const { data, error } = await partsRepository(db()).list(filter)
  if (error) throw new Error('Could not load parts')
  return data
}

export async function allParts() {
  const { data, error } = await partsRepository(db()).all()
  if (error) throw new Error('Could not load parts')
  return data
}

export async function findPart(slug: string) {
  const { data, error } = await partsRepository(db()).bySlug(slug)
  if (error) throw new Error('Could not load the part')
  return data[0]
}
