import { callUnknown } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import { native, obj, type Value } from '../eval/values.ts'
import { definePackage } from './packages.ts'

/** Asynchronous reads of the file system: with cacheComponents what waits for one is not prerendered (synchronous ones are). */
function reads(name: string): Value {
  return native(name, call => {
    if (!call.rt.isClient())
      call.rt.emit({ k: 'props', file: call.file, line: call.startLine, data: { waitsFor: `fs ${name}()` } })
    return callUnknown(call.rt as Machine, call.args, call)
  })
}

const names = ['readFile', 'readdir', 'stat', 'lstat', 'access', 'open', 'realpath']
const promises = Object.fromEntries(names.map(name => [name, reads(name)]))

for (const pkg of ['fs/promises', 'node:fs/promises'])
  definePackage(pkg, {
    ...promises,
    ...Object.fromEntries(names.map(name => [`default.${name}`, promises[name] as Value])),
    ...Object.fromEntries(names.map(name => [`*.${name}`, promises[name] as Value])),
  })
for (const pkg of ['fs', 'node:fs'])
  definePackage(pkg, {
    promises: obj(promises),
    'default.promises': obj(promises),
    '*.promises': obj(promises),
  })
