/** The page's only style sheet. No url(), no import: the page loads nothing. Colours hold 4.5:1 against what they stand on. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #0e1116);
  --surface: light-dark(#ffffff, #161b22);
  --sunken: light-dark(#f3f5f8, #0b0e13);
  --line: light-dark(#dfe3e9, #2b323c);
  --text: light-dark(#1b2129, #e4e8ee);
  --quiet: light-dark(#56606e, #9aa6b5);
  --accent: light-dark(#1a56c4, #7cb0ff);
  --critical: light-dark(#a3123a, #ff8fab);
  --high: light-dark(#b93a0b, #ff9d73);
  --medium: light-dark(#8a5a00, #ecb93f);
  --low: light-dark(#1f5fbf, #84b4ff);
  --info: light-dark(#566070, #a3afbd);
  --good: light-dark(#0a7d4f, #45cf92);
  --middling: light-dark(#945800, #f0ab3c);
  --poor: light-dark(#c22a2a, #ff7b7b);
  --read: light-dark(#124a9c, #93c0ff);
  --write: light-dark(#8a3707, #ffbb8c);
  --call: light-dark(#5a2da6, #d2b6ff);
  --static: light-dark(#12805c, #3fc295);
  --isr: light-dark(#3a9fc0, #5cc3e0);
  --partial: light-dark(#7a6ad8, #a394ff);
  --dynamic: light-dark(#d9772a, #ef9a50);
  --unknown: light-dark(#a3acb8, #5d6775);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus, h2:focus { outline: none; }
code, pre, .where, .number { font-family: var(--mono); font-size: .86em; }
code { background: var(--sunken); border-radius: 4px; padding: .08em .3em; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 0; text-wrap: balance; }
h2 { font-size: 1.3rem; letter-spacing: -.01em; }
h3 { font-size: 1.02rem; }
h4 { font-size: .78rem; color: var(--quiet); text-transform: uppercase; letter-spacing: .05em; margin: 1.1rem 0 .35rem; }
p { margin: 0; }
ul, ol, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th { color: var(--quiet); font-weight: 600; font-size: .8rem; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-width: 100%; }
.note, .lead, .made { color: var(--quiet); }
.note { font-size: .86em; }
.skip { position: absolute; left: -999px; top: 0; z-index: 20; background: var(--surface); padding: .6rem 1rem; }
.skip:focus { left: .5rem; top: .5rem; }

.bar { position: sticky; top: 0; z-index: 10; background: color-mix(in srgb, var(--page) 92%, transparent); backdrop-filter: blur(8px); border-bottom: 1px solid var(--line); }
.bar-inner { max-width: 1120px; margin: 0 auto; padding: .5rem 1.25rem; display: flex; align-items: center; gap: 1.25rem; }
.brand { font-weight: 650; color: var(--text); text-decoration: none; white-space: nowrap; }
.bar nav { display: flex; gap: 1.1rem; overflow-x: auto; flex: 1; scrollbar-width: none; padding: .25rem 2px; }
.bar nav a { color: var(--quiet); text-decoration: none; white-space: nowrap; font-size: .9rem; }
.bar nav a:hover { color: var(--text); text-decoration: underline; }
main { max-width: 1120px; margin: 0 auto; padding: 0 1.25rem 2rem; }
main > section { margin-top: 2.75rem; }
main > section > h2 { margin-bottom: .9rem; }
.lead { margin: -.5rem 0 1rem; }
footer { max-width: 1120px; margin: 0 auto; padding: 1.25rem; color: var(--quiet); font-size: .86rem; border-top: 1px solid var(--line); }

button, select, input { font: inherit; font-size: .9rem; color: var(--text); background: var(--surface); border: 1px solid color-mix(in srgb, var(--line) 60%, var(--quiet)); border-radius: 7px; padding: .38rem .7rem; min-height: 2.25rem; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
#theme { flex: none; min-height: 2rem; padding: .2rem .7rem; font-size: .84rem; }
.chip { display: inline-block; font-size: .74rem; font-weight: 650; line-height: 1.5; padding: .02rem .5rem; border-radius: 99px; color: var(--tone); background: color-mix(in srgb, var(--tone) 11%, var(--surface)); border: 1px solid color-mix(in srgb, var(--tone) 35%, transparent); white-space: nowrap; }
.critical { --tone: var(--critical); } .high { --tone: var(--high); } .medium { --tone: var(--medium); } .low { --tone: var(--low); } .info { --tone: var(--info); }
.tag { display: inline-block; font-size: .74rem; color: var(--quiet); border: 1px solid var(--line); border-radius: 99px; padding: .02rem .5rem; white-space: nowrap; }
.gain { font-size: .8rem; font-weight: 600; color: var(--good); white-space: nowrap; }
.where { color: var(--quiet); }

.hero { padding: 2.25rem 0 0; }
.eyebrow { color: var(--quiet); font-size: .82rem; text-transform: uppercase; letter-spacing: .08em; font-weight: 600; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.2rem); letter-spacing: -.02em; margin: .2rem 0 .6rem; }
.verdict { font-size: 1.08rem; }
.verdict .chip { font-size: .82rem; }
.apps { margin-top: .6rem; color: var(--quiet); display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; }
.apps strong { color: var(--text); font-weight: 600; margin-right: .3rem; }
.narrowed { margin-top: .5rem; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin-top: 1.5rem; background: var(--line); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.tiles div { background: var(--surface); padding: .85rem 1rem; }
.tiles dt { color: var(--quiet); font-size: .82rem; }
.tiles .value { font-size: 1.55rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; font-variant-numeric: tabular-nums; }
.undecided { margin-top: .8rem; font-size: .92rem; color: var(--quiet); }
.undecided strong { color: var(--text); font-weight: 600; }
.made { margin-top: .8rem; font-size: .86rem; }

.gauges { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: .5rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem .6rem .9rem; }
.gauge { text-align: center; }
.gauge, .gauge a { display: flex; flex-direction: column; align-items: center; color: inherit; text-decoration: none; }
.gauge a { border-radius: 10px; padding: 0 .4rem; }
.gauge a:hover .name { text-decoration: underline; }
.gauge .name { font-weight: 600; margin-top: .4rem; }
.gauge .note { line-height: 1.35; }
.gauge.good { --tone: var(--good); } .gauge.middling { --tone: var(--middling); } .gauge.poor { --tone: var(--poor); } .gauge.none { --tone: var(--quiet); }
.dial { width: 84px; height: 84px; }
.dial circle { fill: color-mix(in srgb, var(--tone) 7%, transparent); stroke-width: 7; }
.dial .track { stroke: color-mix(in srgb, var(--tone) 18%, transparent); }
.dial .arc { stroke: var(--tone); fill: none; stroke-linecap: round; }
.gauge.none .track { stroke: var(--line); stroke-dasharray: 5 6; fill: none; }
.dial text { font-size: 27px; font-weight: 650; fill: var(--tone); font-variant-numeric: tabular-nums; }

details > summary { cursor: pointer; }
.rule, #rendering > details, #matrix > details { margin-top: .75rem; }
.rule > summary, #rendering > details > summary, #matrix > details > summary, .help > summary { color: var(--accent); font-size: .92rem; }
.rule .inner > p { max-width: 75ch; color: var(--quiet); margin: .6rem 0; }

.first { list-style: none; counter-reset: first; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.first li { counter-increment: first; display: grid; grid-template-columns: 2.2rem minmax(0, 1fr) auto; gap: 0 .4rem; padding: .7rem 1rem .7rem .6rem; border-bottom: 1px solid var(--line); }
.first li:last-child { border-bottom: 0; }
.first li::before { content: counter(first); grid-row: 1 / span 3; color: var(--quiet); text-align: right; padding-right: .5rem; font-variant-numeric: tabular-nums; }
.first a { grid-column: 2; color: var(--text); text-decoration: none; font-weight: 550; }
.first a:hover .title { text-decoration: underline; }
.first .gain { grid-column: 3; grid-row: 1; }
.first .where, .first .because { grid-column: 2 / -1; font-size: .86rem; }
.first .where { font-size: .8rem; }
.first .because { color: var(--quiet); }
.title code { font-size: .9em; }

.modes { display: block; width: 100%; height: 20px; border-radius: 6px; }
.m-static { --mode: var(--static); } .m-isr { --mode: var(--isr); } .m-partial { --mode: var(--partial); } .m-dynamic { --mode: var(--dynamic); } .m-unknown { --mode: var(--unknown); }
.modes rect { fill: var(--mode); }
.dot { display: inline-block; width: .62em; height: .62em; border-radius: 50%; background: var(--mode, transparent); border: 1px solid var(--mode, var(--unknown)); margin-right: .4em; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin-top: .7rem; font-size: .9rem; }
#matrix .legend { margin: 0 0 .7rem; color: var(--quiet); }

.filters { display: flex; flex-wrap: wrap; gap: .7rem .8rem; align-items: end; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: .9rem 1rem; }
.filters fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem; }
.filters legend, .filters label { font-size: .8rem; color: var(--quiet); padding: 0; }
.filters legend { margin-bottom: .2rem; }
.filters label { display: flex; flex-direction: column; gap: .2rem; min-width: 0; flex: 1 1 130px; max-width: 230px; }
.filters select, .filters input { width: 100%; min-width: 0; text-overflow: ellipsis; }
.filters .text { flex-basis: 200px; max-width: none; }
.actions { display: flex; gap: .4rem; }
.toggle { border-radius: 99px; color: var(--tone); font-weight: 600; }
.toggle[aria-pressed='true'] { background: var(--tone); border-color: var(--tone); color: var(--surface); }
.shown { color: var(--quiet); font-size: .9rem; margin: .8rem 0; }
.empty { background: var(--surface); border: 1px dashed var(--line); border-radius: 12px; padding: 1.25rem; color: var(--quiet); }
.group { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; margin-bottom: 1rem; overflow: clip; }
.group-head { padding: .9rem 1rem .5rem; }
.meta { color: var(--quiet); font-size: .88rem; margin-top: .25rem; }
.help { padding: 0 1rem .8rem; }
.help > .inner { margin-top: .6rem; padding: .2rem 1rem 1rem; background: var(--sunken); border-radius: 8px; }
.finding { border-top: 1px solid var(--line); }
.finding > summary { list-style: none; display: block; padding: .6rem 1rem .6rem 2.1rem; position: relative; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary::before { content: ''; position: absolute; left: 1.05rem; top: 1.12rem; width: .42rem; height: .42rem; border: solid var(--quiet); border-width: 0 2px 2px 0; transform: rotate(-45deg) translate(-2px, -2px); transition: transform .12s; }
.finding[open] > summary::before { transform: rotate(45deg) translate(-2px, -2px); }
.finding > summary:hover { background: var(--sunken); }
.finding > summary:focus-visible { outline-offset: -2px; }
.finding > summary .title { font-weight: 550; }
.finding > summary .title, .finding > summary .tag, .finding > summary .gain { margin-left: .2rem; }
.finding > summary .where { display: block; margin-top: .2rem; }
.fold > summary { border-top: 1px solid var(--line); padding: .6rem 1rem; color: var(--accent); font-size: .92rem; }
.finding:target > summary { background: color-mix(in srgb, var(--accent) 9%, var(--surface)); }
.finding > .inner { padding: .1rem 1rem 1.1rem 2.1rem; }
.facts, .suppressed { color: var(--quiet); font-size: .9rem; }
.evidence { list-style: disc; padding-left: 1.2rem; }
.routes { display: flex; flex-wrap: wrap; gap: .3rem; }
.excerpt { margin: 1rem 0 0; padding: .6rem 0; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; line-height: 1.6; tab-size: 2; overflow-wrap: normal; }
.excerpt code { display: block; width: max-content; min-width: 100%; background: none; padding: 0; font-size: inherit; }
.line { display: block; padding-right: 1rem; border-left: 3px solid transparent; white-space: pre; min-height: 1.6em; }
.line.hit { background: color-mix(in srgb, var(--tone) 12%, transparent); border-left-color: var(--tone); }
.number { display: inline-block; width: 3.4em; padding-right: 1em; text-align: right; color: var(--quiet); user-select: none; font-size: 1em; }
.t-comment { color: var(--quiet); font-style: italic; }
.t-string { color: light-dark(#0b6b47, #7fd6a9); }
.t-keyword { color: light-dark(#8a2a9c, #d59bf0); }
.t-digits { color: light-dark(#9a4a00, #f2b277); }

.prose p, .prose ul, .prose ol { margin: .5rem 0; max-width: 75ch; }
.prose ul { list-style: disc; padding-left: 1.3rem; } .prose ol { padding-left: 1.4rem; }
.prose pre { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; overflow-x: auto; overflow-wrap: normal; }
.prose pre code { background: none; padding: 0; font-size: inherit; white-space: pre; }
.prose table { width: auto; max-width: 100%; display: block; overflow-x: auto; }

#matrix .scroll { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.matrix { width: auto; min-width: 100%; border-collapse: separate; border-spacing: 0; font-size: .82rem; }
.matrix th, .matrix td { vertical-align: middle; border-bottom: 1px solid color-mix(in srgb, var(--line) 60%, transparent); white-space: nowrap; }
.matrix tbody th { position: sticky; left: 0; z-index: 1; background: var(--surface); max-width: 300px; overflow: hidden; text-overflow: ellipsis; color: var(--text); font-weight: 400; border-right: 1px solid var(--line); font-size: .82rem; }
.matrix tbody th code { background: none; padding: 0; }
.matrix .corner { position: sticky; left: 0; z-index: 2; background: var(--surface); vertical-align: bottom; border-right: 1px solid var(--line); }
.matrix .column { vertical-align: bottom; padding: .6rem .2rem; text-align: left; }
.matrix .column span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 150px; overflow: hidden; text-overflow: ellipsis; margin: 0 auto; display: block; }
.matrix td { text-align: center; padding: .2rem .35rem; border-left: 1px solid color-mix(in srgb, var(--line) 45%, transparent); min-width: 2.4rem; }
.matrix .reads { --tone: var(--read); } .matrix .writes { --tone: var(--write); } .matrix .calls { --tone: var(--call); }
.heat-1 { background: color-mix(in srgb, var(--tone) 8%, transparent); } .heat-2 { background: color-mix(in srgb, var(--tone) 15%, transparent); } .heat-3 { background: color-mix(in srgb, var(--tone) 22%, transparent); } .heat-4 { background: color-mix(in srgb, var(--tone) 27%, transparent); }
.key { display: inline-block; min-width: 1.35em; padding: 0 .2em; font-weight: 650; text-align: center; border-radius: 4px; font-variant-numeric: tabular-nums; }
.key.read { color: var(--read); } .key.write { color: var(--write); } .key.call { color: var(--call); }
.key b { color: light-dark(#9c1414, #ffaaaa); padding-left: .05em; }
.loop { color: var(--quiet); }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.matrix td { position: relative; }
.js .matrix:not(.all) .folded { display: none; }
#more-routes { margin-top: .75rem; }

.gaps { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.gaps div { display: grid; grid-template-columns: minmax(160px, 1fr) 2.4fr; gap: .1rem 1.2rem; padding: .55rem 1rem; border-bottom: 1px solid var(--line); }
.gaps div:last-child { border-bottom: 0; }
#database details { margin-top: .8rem; }
#database summary { margin-bottom: .4rem; }
.gaps dt { font-weight: 550; }
.gaps dd { color: var(--quiet); }
.problems { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: .3rem 0; }
.problems li { padding: .4rem 1rem; }

@media (max-width: 640px) {
  .bar-inner { gap: .8rem; padding: .5rem 1rem; }
  .brand { display: none; }
  main { padding: 0 1rem 2rem; }
  .hero { padding-top: 1.5rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tiles div:last-child:nth-child(odd) { grid-column: 1 / -1; }
  .gauges { grid-template-columns: repeat(auto-fit, minmax(96px, 1fr)); gap: 1rem .3rem; }
  .dial { width: 72px; height: 72px; }
  .gauge .name { font-size: .92rem; overflow-wrap: normal; }
  .first li { grid-template-columns: 1.6rem minmax(0, 1fr); padding: .7rem .8rem .7rem .4rem; }
  .first .gain { grid-column: 2; grid-row: auto; }
  .filters label { flex-basis: 45%; max-width: none; }
  .filters .text { flex-basis: 100%; }
  .finding > summary { padding: .65rem .8rem .65rem 1.7rem; }
  .finding > summary::before { left: .75rem; }
  .finding > .inner { padding: .1rem .8rem 1rem; }
  .gaps div { grid-template-columns: minmax(0, 1fr); }
  .matrix tbody th, .matrix .corner { max-width: 150px; }
  .number { width: 2.8em; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media print {
  :root, :root[data-theme] { color-scheme: light; }
  body { background: #fff; font-size: 11px; }
  .bar, .skip, .filters, .shown, #more-routes { display: none !important; }
  main, footer { max-width: none; padding: 0; }
  main > section { margin-top: 1.5rem; }
  .group { overflow: visible; }
  .finding > summary, .first li, .tiles, .gauges, .line, tr { break-inside: avoid; }
  h2, h3, .group-head { break-after: avoid; }
  .excerpt, .excerpt code, .line { white-space: pre-wrap; width: auto; }
  .scroll { overflow: visible; }
  .js .matrix .folded { display: table-row; }
  .chip, .line.hit, td, rect, .dot { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`
