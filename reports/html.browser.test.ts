import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bareAssessment, largeAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { renderHtml } from './html.ts'

/** The report as a person meets it: in a real browser. */
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

let browser: Browser
let folder: string

beforeAll(async () => {
  if (!existsSync(executablePath)) {
    throw new Error(
      `No Chromium at ${executablePath}. Install it (Debian and Ubuntu: apt-get install chromium) or name one in CHROMIUM_PATH.`,
    )
  }
  folder = await mkdtemp(join(tmpdir(), 'scalability-report-'))
  browser = await chromium.launch({ executablePath, args })
})

afterAll(async () => {
  await browser?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

/** Opens a report; what it complained of and what it asked the network for is collected. */
async function open(assessment = richAssessment, options: BrowserContextOptions = {}) {
  const file = join(folder, 'assessment.html')
  await writeFile(file, renderHtml(assessment))
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => requests.push(request.url()))
  const url = pathToFileURL(file).href
  await page.goto(url)
  return { page, complaints, requests: () => requests.filter(one => one !== url && !one.startsWith('data:')) }
}

function visibleFindings(page: Page): Promise<number> {
  return page.locator('.finding:visible').count()
}

/** Expressions for the page are strings: this project's types know no DOM. */
function unfold(page: Page): Promise<void> {
  return page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.locator(`${selector}:focus`).count()) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} cannot be reached with the Tab key`)
}

describe.each(Object.entries({ richAssessment, quietAssessment, bareAssessment }))('%s', (_, assessment) => {
  test('opens without an error, asks nothing of the network and runs nothing of the repository', async () => {
    const { page, complaints, requests } = await open(assessment)
    await unfold(page)
    expect({ complaints, requests: requests() }).toEqual({ complaints: [], requests: [] })
    expect(await page.evaluate('"__hacked" in window')).toBe(false)
    expect(await page.locator('img, iframe, object, a[href^="javascript"]').count()).toBe(0)
  })

  test.each([390, 1280])('nothing scrolls sideways at %i px, even with everything unfolded', async width => {
    const { page } = await open(assessment, { viewport: { width, height: 844 } })
    await unfold(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })
})

describe('filters', () => {
  test('start with the open findings', async () => {
    const { page } = await open()
    expect(await visibleFindings(page)).toBe(richAssessment.findings.filter(one => one.status === 'open').length)
    expect(await page.locator('#shown').textContent()).toBe('19 of 22 findings')
  })

  test('a severity is switched on and off by keyboard', async () => {
    const { page } = await open()
    await tabTo(page, '.toggle.critical')
    await page.keyboard.press('Space')
    expect(await visibleFindings(page)).toBe(2)
    expect(await page.locator('.toggle.critical').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('Enter')
    expect(await visibleFindings(page)).toBe(19)
  })

  test('area, playbook, route, status and words narrow the list by keyboard, Reset brings it back', async () => {
    const { page } = await open()
    await tabTo(page, 'select[name=area]')
    await page.keyboard.type('Database')
    expect(await visibleFindings(page)).toBe(11)
    await tabTo(page, 'select[name=playbook]')
    await page.keyboard.type('database/unbounded')
    expect(await visibleFindings(page)).toBe(7)
    await tabTo(page, 'select[name=route]')
    await page.keyboard.type('/engines')
    expect(await visibleFindings(page)).toBe(3)
    await tabTo(page, 'input[name=text]')
    await page.keyboard.type('FORUM_POSTS')
    expect(await visibleFindings(page)).toBe(0)
    expect(await page.locator('#nothing').isVisible()).toBe(true)
    await tabTo(page, 'button[type=reset]')
    await page.keyboard.press('Enter')
    expect(await visibleFindings(page)).toBe(19)
    await page.locator('select[name=status]').selectOption('suppressed')
    expect(await visibleFindings(page)).toBe(2)
  })

  test('a gauge leads to the findings of its area', async () => {
    const { page } = await open()
    await tabTo(page, '.gauge a[data-area=auth]')
    await page.keyboard.press('Enter')
    expect(await visibleFindings(page)).toBe(3)
  })
})

test('a finding opens by keyboard and shows its code, evidence and help', async () => {
  const { page } = await open()
  await tabTo(page, '.finding summary')
  await page.keyboard.press('Enter')
  const finding = page.locator('.finding[open]')
  expect(await finding.locator('.excerpt .hit').count()).toBeGreaterThan(0)
  expect(await finding.locator('.evidence li').first().isVisible()).toBe(true)
  await page.locator('.help summary').first().click()
  expect(await page.locator('.help h4').first().textContent()).toMatch(/why it breaks at 10,000 users/i)
})

test('a link from the ten that matter most opens its finding, also when a filter hides it', async () => {
  const { page } = await open()
  await page.locator('select[name=area]').selectOption('caching')
  await page.locator('.first a').first().click()
  expect(await page.locator('.finding[open] .title').textContent()).toContain('increment_views')
  expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
})

test('the first stop of the Tab key skips to the report', async () => {
  const { page } = await open()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
})

test('dark follows the system, and the button changes and remembers it', async () => {
  const { page } = await open(richAssessment, { colorScheme: 'dark' })
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const dark = await background()
  await page.locator('#theme').click()
  const light = await background()
  expect(light).not.toBe(dark)
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await background()).toBe(light)
  await page.reload()
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light')
})

test('folded routes of a large app are shown on demand', async () => {
  const { page } = await open(largeAssessment({ routes: 300, tables: 40, findings: 200 }))
  const rows = page.locator('#matrix-table tbody tr:visible')
  expect(await rows.count()).toBe(20)
  await page.locator('#more-routes').click()
  expect(await rows.count()).toBe(225)
  expect(await page.locator('#more-routes').getAttribute('aria-expanded')).toBe('true')
})

test('a problem in many places shows ten of them, and all that a search finds', async () => {
  const { page } = await open(largeAssessment({ routes: 20, tables: 5, findings: 420 }))
  const group = page.locator('.group:has(code:text-is("caching/force-dynamic"))')
  expect(await group.locator('.finding:visible').count()).toBe(10)
  expect(await group.locator('.fold > summary').textContent()).toBe('10 more places')
  await page.locator('input[name=text]').fill('force-dynamic')
  expect(await group.locator('.finding:visible').count()).toBe(20)
})

test('everything can be read without script', async () => {
  const { page } = await open(richAssessment, { javaScriptEnabled: false })
  expect(await visibleFindings(page)).toBe(richAssessment.findings.length)
  expect(await page.locator('#filters').isVisible()).toBe(false)
})

test('paper gets all findings unfolded and no controls', async () => {
  const { page } = await open()
  await page.emulateMedia({ media: 'print' })
  await page.evaluate('dispatchEvent(new Event("beforeprint"))')
  expect(await page.locator('#filters').isVisible()).toBe(false)
  expect(await page.locator('.finding:not([open])').count()).toBe(0)
})
