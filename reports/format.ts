import type { Assessment } from './assessment.ts'

export type Format = 'terminal' | 'json' | 'markdown' | 'sarif' | 'html'

export interface RenderOptions {
  /** Terminal only; default false. */
  color?: boolean
  /** Terminal only: columns, default 80. */
  width?: number
  /** Terminal only: where the report files were written. */
  reportPaths?: string[]
}

export interface Renderer {
  /** Name in the report folder; null for what is only printed. */
  fileName: string | null
  /** Pure: the same assessment and options give the same text. Loads its renderer when first called. */
  render: (assessment: Assessment, options?: RenderOptions) => Promise<string>
}

/** By the name given with `--format`. */
export const renderers: Record<Format, Renderer> = {
  terminal: {
    fileName: null,
    render: async (assessment, options) =>
      (await import('./terminal.ts')).renderTerminal(assessment, { ...options, color: options?.color ?? false }),
  },
  json: {
    fileName: 'assessment.json',
    render: async assessment => (await import('./json.ts')).renderJson(assessment),
  },
  markdown: {
    fileName: 'assessment.md',
    render: async assessment => (await import('./markdown.ts')).renderMarkdown(assessment),
  },
  sarif: {
    fileName: 'assessment.sarif',
    render: async assessment => (await import('./sarif.ts')).renderSarif(assessment),
  },
  html: {
    fileName: 'assessment.html',
    render: async assessment => (await import('./html.ts')).renderHtml(assessment),
  },
}

export const FORMATS = Object.keys(renderers) as Format[]

export function isFormat(name: string): name is Format {
  return Object.hasOwn(renderers, name)
}
