import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { richAssessment } from './fixtures/assessment.ts'
import { FORMATS, isFormat, renderers } from './format.ts'

test.each(FORMATS)('%s renders', async format => {
  const text = await renderers[format].render(richAssessment)
  expect(text.endsWith('\n')).toBe(true)
})

test('file names', () => {
  expect(FORMATS.map(format => renderers[format].fileName)).toEqual([
    null,
    'assessment.json',
    'assessment.md',
    'assessment.sarif',
    'assessment.html',
  ])
})

test('names that are no format, inherited ones included, are refused', () => {
  expect(['html', 'pdf', 'toString', '__proto__'].map(isFormat)).toEqual([true, false, false, false])
})

test('reports read nothing but the assessment: no import leaves the folder', () => {
  const folder = new URL('.', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  const outside = sources.flatMap(file => {
    const depth = file.split(/[\\/]/).length
    const text = readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8')
    const imports = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(match => match[1]!)
    return imports.filter(target => target.startsWith('../'.repeat(depth))).map(target => `${file}: ${target}`)
  })
  expect(outside).toEqual([])
})
