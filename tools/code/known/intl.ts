import { callValue, handOver } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import { exportedValue } from '../eval/modules.ts'
import type { ModuleContext } from '../eval/scope.ts'
import type { Call, DomValue, Value } from '../eval/values.ts'
import { dom, native, obj, STR, UNDEF, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/**
 * next-intl. What it is asked on the server comes from the app's request configuration (i18n/request.ts), which may read the
 * request itself, or ask for the request's locale: that is a header, unless setRequestLocale was called before in the same page
 * or layout (measured: fixtures/workspace/intl).
 */
interface Parameters {
  /** The configuration asked which locale the request has. */
  asked: boolean
}

defineDomain('intl-parameters', {
  get(v, p) {
    if (p === 'requestLocale' || p === 'locale') (v.s as Parameters).asked = true
    return UNK
  },
})

const parameters = new WeakMap<ModuleContext, DomValue>()

/** Runs the app's request configuration; true when it asks for the request's locale, or cannot be seen. */
function runConfiguration(call: Call): boolean {
  const m = call.rt as Machine
  const target = m.loader.resolve(m.frame.mod.file, 'next-intl/config')
  const mod = target.kind === 'file' ? m.loader.load(target.path) : undefined
  if (!mod) return true
  // One object for all calls, so that the configuration is interpreted once.
  const given = parameters.get(mod) ?? dom('intl-parameters', { asked: false } satisfies Parameters)
  parameters.set(mod, given)
  callValue(m, exportedValue(m, mod, 'default'), [given], call)
  return (given.s as Parameters).asked
}

function asks(name: string, result: Value, explicit: (call: Call) => boolean = () => false): Value {
  return native(name, call => {
    if (call.rt.isClient()) return result
    if (runConfiguration(call) && !explicit(call))
      call.rt.emit({
        k: 'dynamic',
        file: call.file,
        line: call.startLine,
        api: `next-intl ${name}`,
        unless: 'locale-set',
      })
    return result
  })
}

/** `getTranslations({ locale })`: the caller says which locale. */
function namesLocale(call: Call): boolean {
  const options = call.args[0]
  return options?.t === 'obj' && options.p.has('locale')
}

const translate = native('t', () => STR)

definePackage('next-intl/server', {
  getTranslations: asks('getTranslations()', translate, namesLocale),
  getMessages: asks('getMessages()', UNK, namesLocale),
  getFormatter: asks('getFormatter()', UNK, namesLocale),
  getNow: asks('getNow()', UNK, namesLocale),
  getTimeZone: asks('getTimeZone()', UNK, namesLocale),
  getFormats: asks('getFormats()', UNK),
  getLocale: asks('getLocale()', STR),
  setRequestLocale: native('setRequestLocale', setLocale),
  unstable_setRequestLocale: native('setRequestLocale', setLocale),
  getRequestConfig: native('getRequestConfig', call => call.args[0] ?? UNDEF),
})

function setLocale(call: Call): Value {
  call.rt.fact('locale-set')
  return UNDEF
}

const provider = asks('<NextIntlClientProvider>', dom('element', null))
definePackage('next-intl', {
  useTranslations: asks('useTranslations()', translate),
  useLocale: asks('useLocale()', STR),
  useMessages: asks('useMessages()', UNK),
  useFormatter: asks('useFormatter()', UNK),
  useNow: asks('useNow()', UNK),
  useTimeZone: asks('useTimeZone()', UNK),
  NextIntlClientProvider: provider,
})

/** The app's own navigation: links ask for the request's locale whatever the configuration does. */
const link = native('Link', call => {
  if (!call.rt.isClient())
    call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: 'next-intl <Link>', unless: 'locale-set' })
  if (call.args[0]) handOver(call.rt as Machine, call.args[0], call)
  return dom('element', null)
})
const navigation = native('createNavigation', () =>
  obj({
    Link: link,
    redirect: native('redirect', call => call.rt.never()),
    permanentRedirect: native('permanentRedirect', call => call.rt.never()),
    usePathname: native('usePathname', () => STR),
    useRouter: native('useRouter', () => dom('router', {})),
    getPathname: native('getPathname', () => STR),
  }),
)
definePackage('next-intl/navigation', {
  createNavigation: navigation,
  createSharedPathnamesNavigation: navigation,
  createLocalizedPathnamesNavigation: navigation,
})
