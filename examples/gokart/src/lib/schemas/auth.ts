import { z } from 'zod'

export const signInSchema = z.object({
  email: z.email('This is no e-mail address.'),
  password: z.string().min(1, 'Enter your password.').max(200),
})

export const signUpSchema = z.object({
  email: z.email('This is no e-mail address.'),
  password: z.string().min(10, 'At least ten characters.').max(200),
  displayName: z.string().trim().min(1, 'Tell us what to call you.').max(60),
})
