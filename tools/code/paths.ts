/** Posix paths relative to the audited folder, which itself is "". */

/** Folder above; undefined above the audited folder. */
export function parentFolder(path: string): string | undefined {
  if (path === '') return undefined
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** `relative` seen from `folder`, with "." and ".." resolved; undefined when that leads out of the audited folder. */
export function normalisePath(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

/** `folder` seen from its ancestor: "." for the ancestor itself. */
export function relativeFolder(ancestor: string, folder: string): string {
  if (folder === ancestor) return '.'
  return ancestor === '' ? folder : folder.slice(ancestor.length + 1)
}
