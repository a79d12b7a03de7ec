import { betterAuth } from 'better-auth'

export const auth = betterAuth({ baseURL: 'https://staff.example.com' })
