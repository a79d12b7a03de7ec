import { maskKeyBlocks } from './maskblocks.ts'
import { looksRandom, looksTyped, mixesLettersAndDigits } from './maskvalues.ts'

/**
 * Takes secrets out of anything that is printed or written: a report is mailed around, the source is not.
 * What is replaced keeps its kind and loses its value; line breaks stay, so excerpts keep their line numbers.
 *
 * The text is untrusted and may be a megabyte on one line, so no rule may look at a character more than a few times: names are
 * matched whole and judged afterwards, runs end where the next one begins, and what is optional is bounded.
 */
export function maskSecrets(text: string): string {
  return RULES.reduce((masked, { pattern, replace }) => masked.replace(pattern, replace), maskKeyBlocks(text))
}

interface Rule {
  pattern: RegExp
  replace: (...groups: string[]) => string
}

const HIDDEN = '***'

/** Names of what is secret, anywhere in an identifier. */
const SECRET_NAME =
  /secret|passwd|password|passphrase|pwd|api[_-]?key|private[_-]?key|service[_-]?role|access[_-]?key|auth[_-]?token|access[_-]?token|bot[_-]?token|refresh[_-]?token|credential/i
/** An identifier that is nothing but such a name: then even a short value is one. */
const ONLY_SECRET =
  /(?:secret|passwd|password|passphrase|pwd|api[_-]?key|secret[_-]?key|private[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|bot[_-]?token)$/i
const TOKEN_NAME = /token$/i
const ENV_NAME = /SECRET|PASSWORD|PASSWD|PWD|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY|SERVICE_ROLE|CREDENTIAL/

const RULES: Rule[] = [
  // Keys that carry their issuer in front (Supabase, Stripe, GitHub, Slack, GitLab, Mapbox, DigitalOcean …).
  {
    pattern:
      /(?<![A-Za-z0-9])(sb_secret_|sb_publishable_|sbp_|[sr]k_live_|[sr]k_test_|whsec_|gh[pousr]_|github_pat_|sk-(?:ant|proj)-|xox[abprs]-|glpat-|pk\.eyJ|dop_v1_)[\w.-]{12,}/g,
    replace: (_all, issuer) => `${issuer}${HIDDEN}`,
  },
  // The same where the beginning is also one of ordinary names (`re_export_all`, `sk-fading-circle`, `npm_config_registry`).
  {
    pattern: /(?<![\w-])(sk-|re_|npm_|SG\.|vercel_|vc[pikar]_|hf_)([\w.-]{12,})/g,
    replace: (all, issuer, value) => (isUnbroken(value!) ? `${issuer}${HIDDEN}` : all!),
  },
  { pattern: /\bAIza[\w-]{30,}/g, replace: () => `AIza${HIDDEN}` },
  { pattern: /\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}/g, replace: (_all, kind) => `${kind}${HIDDEN}` },
  // Telegram: the number of the bot, then its token.
  { pattern: /(?<!\d)(\d{8,10}):[\w-]{35}(?![\w-])/g, replace: (_all, bot) => `${bot}:${HIDDEN}` },
  // URLs, each once and whole; a list of them is cut where the next begins.
  {
    pattern: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)((?:(?!,[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s'"`<>])+)/gi,
    replace: (_all, scheme, rest) => `${scheme}${maskUserInfo(rest!)}`,
  },
  // Parameters of URLs, wherever they stand.
  {
    pattern:
      /([?&](?:password|passwd|pwd|pass|api[_-]?key|secret|client_secret|token|access[_-]?token|refresh[_-]?token|auth[_-]?token|sig|signature)=)([^\s&#'"`$<>{}]+)/gi,
    replace: (_all, before) => `${before}${HIDDEN}`,
  },
  {
    pattern: /([?&](?:key|auth|code)=)([^\s&#'"`$<>{}]{12,})/gi,
    replace: (all, before, value) => (mixesLettersAndDigits(value!) ? `${before}${HIDDEN}` : all!),
  },
  // Keyword connection strings: `host=db password=hunter2`, `Server=db;Pwd=hunter2;`.
  {
    pattern: /(?<=[\s;'"`])((?:password|passwd|pwd)=)([^\s;&'"`$(){}<>]{4,})/gi,
    replace: (all, before, value) => (looksTyped(value!) ? `${before}${HIDDEN}` : all!),
  },
  {
    pattern: /\b(Bearer|Basic)(\s{1,20})([\w.~+/-]{6,}={0,2})/g,
    replace: (all, scheme, space, value) => (isCredential(scheme!, value!) ? `${scheme}${space}${HIDDEN}` : all!),
  },
  // Headers as they are written in comments and commands: `x-api-key: abc123`, `-H "apikey: abc123"`.
  {
    pattern:
      /((?:\b(?:x-)?[a-z]{1,20}-(?:key|token)|['"`](?:apikey|token|authorization)):[ \t]{0,8})([\w.~+/=-]{6,})/gi,
    replace: (all, before, value) => (mixesLettersAndDigits(value!) ? `${before}${HIDDEN}` : all!),
  },
  // A literal beside something called a secret: assigned, compared, passed, or what is used in its absence.
  {
    pattern:
      /(?<![\w-])([\w-]+)(\\?['"`]?[)!?]?\s*(?::\s*[\w.]{1,30}\s*=|:|={1,3}|!={1,2}|=>|,|\|\||\?\?)\s*\\?)(['"`])([^'"`\s]{4,})(['"`])/g,
    replace: (all, name, between, quote, value, end) =>
      quote === end && isSecret(name!, value!.replace(/\\$/, ''))
        ? `${name}${between}${quote}${HIDDEN}${value!.endsWith('\\') ? '\\' : ''}${end}`
        : all!,
  },
  // The same in .env and TOML files, without quotes.
  {
    pattern: /^([ \t]*(?:export[ \t]+)?)([A-Z0-9_]+)([ \t]*=[ \t]*)([^\s'"`$(){};]{4,})(?=[ \t\r]*$)/gm,
    replace: (all, before, name, equals, value) =>
      ENV_NAME.test(name!) && (value!.length >= 8 || looksTyped(value!)) ? `${before}${name}${equals}${HIDDEN}` : all!,
  },
  // Any other literal that looks random.
  {
    pattern: /(['"`])([A-Za-z0-9+/_=.-]{24,})\1/g,
    replace: (all, quote, value) => (looksRandom(value!) ? `${quote}${HIDDEN}${quote}` : all!),
  },
]

/** What is behind `scheme://`: the password, or a token in the place of a name, is taken out of what stands before the `@`. */
function maskUserInfo(rest: string): string {
  const authority = /^[^/?#]*/.exec(rest)![0]
  let at = authority.lastIndexOf('@')
  // A password may hold a slash that nobody escaped; a port does not.
  if (at < 0 && /:(?!\d{0,5}$)/.test(authority)) at = rest.lastIndexOf('@')
  if (at < 0) return rest
  const info = rest.slice(0, at)
  const colon = info.indexOf(':')
  if (colon < 0) {
    const isToken = info.length >= 16 && mixesLettersAndDigits(info)
    return isToken ? `${HIDDEN}${rest.slice(at)}` : rest
  }
  const password = info.slice(colon + 1)
  if (password === '' || password.startsWith('${')) return rest
  return `${info.slice(0, colon)}:${HIDDEN}${rest.slice(at)}`
}

function isSecret(name: string, value: string): boolean {
  if (TOKEN_NAME.test(name) && value.length >= 8 && /^\w+$/.test(value) && mixesLettersAndDigits(value)) return true
  if (!SECRET_NAME.test(name) || !looksTyped(value)) return false
  return value.length >= 8 || ONLY_SECRET.test(name)
}

function isCredential(scheme: string, value: string): boolean {
  if (scheme === 'Bearer') return mixesLettersAndDigits(value) || (value.length >= 16 && looksTyped(value))
  return value.length >= 8 && /[A-Z]/.test(value) && /[a-z]/.test(value) && /[\d=]/.test(value)
}

/** Has a long part without separators, and letters mixed with digits. */
function isUnbroken(value: string): boolean {
  return /\d/.test(value) && value.split(/[_.-]/).some(part => part.length >= 10 && mixesLettersAndDigits(part))
}
