import axios from 'axios'

const BASE = 'https://api.partner.example.com'

/** Everything goes through here, so everything waits as long as the partner likes. */
export async function partner<T>(path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method: body ? 'POST' : 'GET' }
  if (body) init.body = JSON.stringify(body)
  init.headers = { authorization: `Bearer ${process.env.PARTNER_KEY}` }
  const response = await fetch(`${BASE}${path}`, init) // expect: api/missing-timeout
  if (!response.ok) throw new Error('The partner did not answer')
  return response.json()
}

/** The clock is started, but the request never hears of it. */
export async function ping(): Promise<boolean> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 3000)
  const response = await fetch(`${BASE}/ping`) // expect: api/missing-timeout
  clearTimeout(timer)
  return response.ok
}

const client = axios.create({ baseURL: 'https://shipping.example.com' })

export async function shippingRates(country: string) {
  const { data } = await client.get('/rates', { params: { country } }) // expect: api/missing-timeout
  return data
}
