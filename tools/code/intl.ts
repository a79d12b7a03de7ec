import { joinPath } from './paths.ts'
import type { AppInfo, Workspace } from './workspace.ts'

/** Where next-intl's plugin looks for the request configuration (its plugin/getNextConfig). */
const places = ['i18n/request', 'src/i18n/request', 'i18n', 'src/i18n']
const extensions = ['ts', 'tsx', 'js', 'jsx']

/**
 * The file that next-intl's plugin makes known to the app as `next-intl/config`: named in next.config, or at one of its usual
 * places. Undefined when the app does not use next-intl.
 */
export function intlConfigOf(workspace: Workspace, app: AppInfo): string | undefined {
  if (app.dependencies['next-intl'] === undefined) return undefined
  const text = app.config.file ? workspace.read(app.config.file) : undefined
  const named = /next-?intl\w*\(\s*(?:\{\s*requestConfig:\s*)?['"](?:\.\/)?([^'"]+)['"]/i.exec(
    text?.replace(/import[^;\n]*|require\([^)]*\)/g, '') ?? '',
  )?.[1]
  const candidates = named ? [named] : places.flatMap(place => extensions.map(extension => `${place}.${extension}`))
  return candidates
    .map(name => joinPath(app.root === '.' ? '' : app.root, name))
    .find(file => workspace.files.has(file))
}
