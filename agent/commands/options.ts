import { InvalidArgumentError } from 'commander'
import { AREAS, type Area, SEVERITIES, type Severity } from '../../playbooks/finding.ts'
import { FORMATS, type Format } from '../../reports/format.ts'
import { nearMisses, oneLine } from '../text.ts'

export type Threshold = Severity | 'none'

export function parseAreas(value: string): Area[] {
  return parseList(value, AREAS, 'area')
}

export function parseFormats(value: string): Format[] {
  return parseList(value, FORMATS, 'format')
}

export function parseThreshold(value: string): Threshold {
  return oneOf(value.trim(), [...SEVERITIES, 'none'] as const, 'severity')
}

/** A whole number from 0 on. */
export function parseCount(value: string): number {
  if (!/^\d{1,3}$/.test(value.trim())) throw new InvalidArgumentError('It must be a number from 0 to 999.')
  return Number(value)
}

export function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value.trim()) || Number(value) > 65_535)
    throw new InvalidArgumentError('It must be a port, 0 to 65535.')
  return Number(value)
}

/** Names separated by commas; what they name is known only later. */
export function parseNames(value: string): string[] {
  const names = split(value)
  if (names.length === 0) throw new InvalidArgumentError('It is empty.')
  return names
}

export function parseList<T extends string>(value: string, allowed: readonly T[], what: string): T[] {
  const names = split(value)
  if (names.length === 0) throw new InvalidArgumentError(`It is empty; choose from ${allowed.join(', ')}.`)
  return [...new Set(names.map(name => oneOf(name, allowed, what)))]
}

function oneOf<T extends string>(name: string, allowed: readonly T[], what: string): T {
  const found = allowed.find(one => one === name)
  if (found) return found
  const near = nearMisses(name, allowed, 1)[0]
  const hint = near ? `did you mean ${near}?` : `choose from ${allowed.join(', ')}.`
  throw new InvalidArgumentError(`There is no ${what} "${oneLine(name, 40)}"; ${hint}`)
}

function split(value: string): string[] {
  return value
    .split(',')
    .map(name => name.trim())
    .filter(Boolean)
}
