/**
 * The page's only script: theme, filters, unfolding. Everything can be read without it. It builds no markup from data: what it
 * changes is which elements are shown.
 */
export const SCRIPT = `
(() => {
  'use strict'
  const root = document.documentElement
  const byId = id => document.getElementById(id)
  root.classList.add('js')

  const remembered = {
    get: () => { try { return localStorage.getItem('scalability-theme') } catch { return null } },
    set: value => { try { localStorage.setItem('scalability-theme', value) } catch { /* not remembered */ } },
  }
  const systemDark = matchMedia('(prefers-color-scheme: dark)')
  const theme = byId('theme')
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches)
  const nameTheme = () => {
    theme.textContent = isDark() ? 'Light mode' : 'Dark mode'
  }
  if (['light', 'dark'].includes(remembered.get())) root.dataset.theme = remembered.get()
  theme.hidden = false
  nameTheme()
  systemDark.addEventListener('change', nameTheme)
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    remembered.set(root.dataset.theme)
    nameTheme()
  })

  const more = byId('more-routes')
  if (more) {
    const table = byId('matrix-table')
    more.hidden = false
    more.textContent = more.dataset.more
    more.addEventListener('click', () => {
      const all = table.classList.toggle('all')
      more.setAttribute('aria-expanded', String(all))
      more.textContent = all ? more.dataset.less : more.dataset.more
    })
  }

  const form = byId('filters')
  if (form) filterFindings(form)
  unfoldForPrint()

  function filterFindings(form) {
    const findings = JSON.parse(byId('finding-index').textContent).map(entry => ({ ...entry, element: byId(entry.id) }))
    const groups = [...document.querySelectorAll('.group')].map(element => ({
      element,
      places: element.querySelector('.places'),
      fold: element.querySelector('.fold'),
      findings: findings.filter(finding => element.contains(finding.element)),
    }))
    const toggles = [...form.querySelectorAll('[data-severity]')]
    const openAll = byId('open-all')
    form.hidden = false
    if (!findings.some(finding => finding.status === 'open')) form.elements.status.value = ''
    const initialStatus = form.elements.status.value

    function apply() {
      const severities = toggles.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.dataset.severity)
      const { area, playbook, route, status, text } = form.elements
      const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean)
      let shown = 0
      for (const group of groups) {
        let here = 0
        for (const finding of group.findings) {
          const fits =
            (severities.length === 0 || severities.includes(finding.severity)) &&
            (!area.value || finding.area === area.value) &&
            (!playbook.value || finding.playbook === playbook.value) &&
            (!route.value || finding.routes.includes(route.value)) &&
            (!status.value || finding.status === status.value) &&
            words.every(word => finding.text.includes(word))
          finding.element.hidden = !fits
          if (fits) here += 1
        }
        group.element.hidden = here === 0
        if (group.fold) unfold(group.fold, isNarrowed())
        group.places.textContent = here + (here === 1 ? ' place' : ' places')
        shown += here
      }
      byId('nothing').hidden = shown > 0
      byId('shown').textContent = shown === findings.length ? 'All ' + shown + ' findings' : shown + ' of ' + findings.length + ' findings'
    }

    function unfold(fold, open) {
      const inside = fold.querySelectorAll('.finding:not([hidden])').length
      fold.hidden = inside === 0
      if (open) fold.open = true
      fold.firstElementChild.textContent = inside + (inside === 1 ? ' more place' : ' more places')
    }

    function isNarrowed() {
      const { playbook, route, text } = form.elements
      return Boolean(playbook.value || route.value || text.value.trim())
    }

    function reset(status) {
      for (const field of form.querySelectorAll('select, input')) field.value = ''
      form.elements.status.value = status
      for (const toggle of toggles) toggle.setAttribute('aria-pressed', 'false')
      apply()
    }

    form.addEventListener('input', apply)
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('reset', event => {
      event.preventDefault()
      reset(initialStatus)
    })
    for (const toggle of toggles) {
      toggle.addEventListener('click', () => {
        toggle.setAttribute('aria-pressed', String(toggle.getAttribute('aria-pressed') !== 'true'))
        apply()
      })
    }
    openAll.addEventListener('click', () => {
      const visible = findings.filter(finding => !finding.element.hidden)
      const open = visible.some(finding => !finding.element.open)
      for (const finding of visible) finding.element.open = open
      openAll.textContent = open ? 'Collapse all' : 'Expand all'
    })
    for (const link of document.querySelectorAll('a[data-area]')) {
      link.addEventListener('click', () => {
        form.elements.area.value = link.dataset.area
        apply()
      })
    }

    function openTarget() {
      const target = byId(location.hash.slice(1))
      if (!target || !target.matches('.finding')) return
      if (target.hidden) reset('')
      const fold = target.closest('.fold')
      if (fold) fold.open = true
      target.open = true
      target.scrollIntoView()
      target.querySelector('summary').focus({ preventScroll: true })
    }
    addEventListener('hashchange', openTarget)
    for (const link of document.querySelectorAll('.first a')) {
      link.addEventListener('click', () => { if (link.hash === location.hash) openTarget() })
    }
    apply()
    openTarget()
  }

  function unfoldForPrint() {
    let opened = []
    addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details:not([open])')]
      for (const one of opened) one.open = true
    })
    addEventListener('afterprint', () => {
      for (const one of opened) one.open = false
    })
  }
})()
`
