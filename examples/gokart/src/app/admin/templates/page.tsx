import type { Metadata } from 'next'
import { EmptyState } from '@/components/empty-state'
import { PublishTemplateButton } from '@/components/publish-template-button'
import { requireAdmin } from '@/lib/auth'
import { listProposedTemplates } from '@/lib/data/templates'

export const metadata: Metadata = { title: 'Proposed templates' }

export default async function ProposedTemplatesPage() {
  await requireAdmin()
  const templates = await listProposedTemplates()
  if (templates.length === 0) return <EmptyState text="Nothing waits for you." />

  return (
    <ul className="grid">
      {templates.map(template => (
        <li key={template.id} className="card">
          <h3>{template.name}</h3>
          <p>{template.summary}</p>
          <p className="soft">{template.engine?.name}</p>
          <PublishTemplateButton id={template.id} />
        </li>
      ))}
    </ul>
  )
}
