import type { McpServer } from '@modelcontextprotocol/server'
import { loadPlaybookDocs } from '../../playbooks/registry.ts'
import { findPlaybook } from '../phases/select.ts'
import { findingBindings } from './findings.ts'
import type { Session } from './session.ts'

const ASSESSMENT = 'scalability://assessment'

/** The assessment's summary, and every playbook as Markdown. */
export async function addResources(server: McpServer, session: Session): Promise<void> {
  const { ResourceTemplate } = await import('@modelcontextprotocol/server')
  const assess = findingBindings.find(({ tool }) => tool.name === 'assess')
  const about = {
    title: 'Assessment',
    description: 'Summary of the last assessment; findings come from list_findings.',
    mimeType: 'application/json',
  }
  server.registerResource('assessment', ASSESSMENT, about, async (uri, context) => {
    const call = { signal: context.mcpReq.signal, progress: () => {} }
    const summary = await assess?.run({ refresh: false }, session, call)
    return { contents: [{ uri: uri.href, mimeType: about.mimeType, text: JSON.stringify(summary, undefined, 1) }] }
  })
  const list = async () => ({
    resources: (await loadPlaybookDocs()).map(({ ref, title }) => ({
      uri: `scalability://playbooks/${ref}`,
      name: ref,
      title,
      mimeType: 'text/markdown',
    })),
  })
  const template = new ResourceTemplate('scalability://playbooks/{area}/{id}', { list })
  const config = { title: 'Playbook', description: 'What is known about one problem.', mimeType: 'text/markdown' }
  server.registerResource('playbook', template, config, async (uri, { area, id }) => {
    const doc = findPlaybook(await loadPlaybookDocs(), `${String(area)}/${String(id)}`, 'playbook')
    return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text: `# ${doc.title}\n\n${doc.body}` }] }
  })
}
