'use client'

import { useEffect, useState } from 'react'

/** In the browser, a request to our own API: the tab is the timeout. */
export function Rates() {
  const [rates, setRates] = useState<unknown>(null)
  useEffect(() => {
    fetch('/api/rates')
      .then(response => response.json())
      .then(setRates)
  }, [])
  return <pre>{JSON.stringify(rates)}</pre>
}
