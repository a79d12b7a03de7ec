const API = 'https://api.postmarkapp.com/email'

async function post(to: string, subject: string): Promise<boolean> {
  const response = await fetch(API, {
    method: 'POST',
    signal: AbortSignal.timeout(5000),
    headers: { 'x-postmark-server-token': process.env.POSTMARK_TOKEN! },
    body: JSON.stringify({ To: to, Subject: subject }),
  })
  return response.ok
}

export function sendInvitation(to: string) {
  return post(to, 'You are invited')
}
