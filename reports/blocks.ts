/** Documents that a tool and people write together: what stands between the markers is generated, the rest is kept as it is. */

export type Updated = { text: string } | { error: string }

function markers(name: string): { begin: string; end: string } {
  return { begin: `<!-- scalability-agent:begin ${name} -->`, end: `<!-- scalability-agent:end ${name} -->` }
}

/**
 * The document with its generated block replaced. A document that is not there yet begins with `start`; one without the block gets
 * it at its end. Line endings stay those of the document.
 *
 * @param before undefined when there is no such document
 */
export function withBlock(before: string | undefined, name: string, start: string, content: string): Updated {
  const { begin, end } = markers(name)
  // Nothing that is told about an app may pass for a marker.
  const safe = content.trim().replaceAll('<!-- scalability-agent:', '<!-- scalability-agent ')
  const block = `${begin}\n${safe}\n${end}`
  if (before === undefined) return { text: `${start.trim()}\n\n${block}\n` }
  const newline = before.includes('\r\n') ? '\r\n' : '\n'
  const own = block.replaceAll('\n', newline)
  const [first, last] = [before.indexOf(begin), before.indexOf(end)]
  if (first < 0 && last < 0) {
    const gap = before.trim() === '' ? '' : before.endsWith(newline) ? newline : newline + newline
    return { text: `${before}${gap}${own}${newline}` }
  }
  if (first < 0 || last < first) return { error: `the line "${first < 0 ? begin : end}" is missing or out of place` }
  if (before.indexOf(begin, first + 1) >= 0 || before.indexOf(end, last + 1) >= 0)
    return { error: `the block "${name}" is there more than once` }
  return { text: before.slice(0, first) + own + before.slice(last + end.length) }
}
