/**
 * Takes secrets out of anything that is printed or written: a report is mailed around, the source is not.
 * What is replaced keeps its kind and loses its value; line breaks stay, so excerpts keep their line numbers.
 */
export function maskSecrets(text: string): string {
  return RULES.reduce((masked, { pattern, replace }) => masked.replace(pattern, replace), text)
}

interface Rule {
  pattern: RegExp
  replace: (...groups: string[]) => string
}

const HIDDEN = '***'

const RULES: Rule[] = [
  // PEM blocks, whole or cut off at either end of an excerpt.
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replace: block => keepLines(block, '-----BEGIN PRIVATE KEY----- ***'),
  },
  { pattern: /^[^\n]*-----END [A-Z ]*PRIVATE KEY-----/gm, replace: () => '*** -----END PRIVATE KEY-----' },
  { pattern: /^\s*[A-Za-z0-9+/]{60,76}={0,2}\s*$/gm, replace: line => line.replace(/\S+/, HIDDEN) },
  // JSON Web Tokens, among them Supabase's legacy anon and service_role keys.
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, replace: () => `eyJ${HIDDEN}` },
  // Keys that carry their issuer in front (Supabase, Stripe, GitHub, OpenAI, Anthropic, Resend, Slack, npm, SendGrid, Google, AWS …).
  {
    pattern:
      /\b(sb_secret_|sb_publishable_|sbp_|[sr]k_live_|[sr]k_test_|whsec_|gh[pousr]_|github_pat_|sk-(?:ant-|proj-)?|re_|xox[abprs]-|npm_|SG\.|glpat-|pk\.eyJ|vercel_|vc[pikar]_|dop_v1_|hf_)[\w.-]{12,}/g,
    replace: (_all, issuer) => `${issuer}${HIDDEN}`,
  },
  { pattern: /\bAIza[\w-]{30,}/g, replace: () => `AIza${HIDDEN}` },
  { pattern: /\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}/g, replace: (_all, kind) => `${kind}${HIDDEN}` },
  // Passwords in connection strings of any scheme.
  {
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@'"`]*):([^\s/'"`]+)@/gi,
    replace: (all, before, password) =>
      password!.startsWith('${') || password === HIDDEN ? all! : `${before}:${HIDDEN}@`,
  },
  { pattern: /\b(Bearer|Basic)\s+[\w.~+/-]{16,}=*/g, replace: (_all, scheme) => `${scheme} ${HIDDEN}` },
  // A literal that is assigned to something called a secret.
  {
    pattern:
      /([\w-]*(?:secret|passwd|password|passphrase|api[_-]?key|private[_-]?key|service[_-]?role|access[_-]?key|auth[_-]?token|access[_-]?token|credential)[\w-]*['"`]?\s*(?::|=|=>|,)\s*)(['"`])([^'"`\s]{8,})\2/gi,
    replace: (all, before, quote, value) => (isPlainWord(value!) ? all! : `${before}${quote}${HIDDEN}${quote}`),
  },
  // The same in .env and TOML files, without quotes.
  {
    pattern:
      /^([ \t]*(?:export\s+)?[A-Z0-9_]*(?:SECRET|PASSWORD|TOKEN|API_KEY|PRIVATE_KEY|SERVICE_ROLE)[A-Z0-9_]*[ \t]*=[ \t]*)([^\s'"`$(){};]{8,})[ \t]*$/gm,
    replace: (_all, before) => `${before}${HIDDEN}`,
  },
  // Any other literal that looks random.
  {
    pattern: /(['"`])([A-Za-z0-9+/_=.-]{24,})\1/g,
    replace: (all, quote, value) => (looksRandom(value!) ? `${quote}${HIDDEN}${quote}` : all!),
  },
]

function keepLines(block: string, shown: string): string {
  return shown + '\n'.repeat(block.split('\n').length - 1)
}

/** An identifier, a path or a placeholder: `NEXT_PUBLIC_KEY`, `current-password`, `auth.users`, `/reset/password`. */
function isPlainWord(value: string): boolean {
  return /^[./@]?[A-Za-z_]+(?:[-_./][A-Za-z_]+)*$/.test(value) && shannon(value) < 4.2
}

/** Letters and digits mixed beyond what names, paths and UUIDs show. */
function looksRandom(value: string): boolean {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return false
  if (/^[0-9a-f]{32,}$/i.test(value)) return true
  if (!/\d/.test(value) || !/[A-Z]/.test(value) || !/[a-z]/.test(value)) return false
  if (value.includes('/') && value.split('/').every(part => /^[\w.-]{0,24}$/.test(part))) return false
  return shannon(value) > 4.1
}

/** Bits per character. */
function shannon(value: string): number {
  const counts = new Map<string, number>()
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const number of counts.values()) bits -= (number / value.length) * Math.log2(number / value.length)
  return bits
}
