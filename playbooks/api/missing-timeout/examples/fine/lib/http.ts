import axios from 'axios'
import ky from 'ky'

const BASE = 'https://api.partner.example.com'

/** The wrapper brings the limit, and a caller may tighten it. */
export async function partner<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${BASE}${path}`, { signal: AbortSignal.timeout(5000), ...init })
  if (!response.ok) throw new Error('The partner did not answer')
  return response.json()
}

export async function ping(): Promise<boolean> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 3000)
  try {
    const response = await fetch(`${BASE}/ping`, { signal: controller.signal })
    return response.ok
  } finally {
    clearTimeout(timer)
  }
}

const client = axios.create({ baseURL: 'https://shipping.example.com', timeout: 5000 })

export async function shippingRates(country: string) {
  const { data } = await client.get('/rates', { params: { country } })
  return data
}

/** ky gives up after ten seconds by itself. */
export function exchangeRates() {
  return ky.get('https://rates.example.com/latest').json()
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('Too slow')), milliseconds)
  })
  return Promise.race([work, late])
}

export async function weather(city: string) {
  const response = await within(fetch(`https://weather.example.com/${city}`), 2000)
  return response.json()
}
