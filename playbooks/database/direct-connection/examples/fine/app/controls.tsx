'use client'

import { loadReport } from './actions'

export function Controls() {
  return (
    <section>
      <button type="button" onClick={() => loadReport()}>
        Load report
      </button>
    </section>
  )
}
