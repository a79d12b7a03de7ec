import { StartBuildButton } from '@/components/start-build-button'

interface Template {
  id: string
  name: string
  summary: string
  engine: { name: string } | null
}

export function TemplateCard({ template }: { template: Template }) {
  return (
    <li className="card">
      <h3>{template.name}</h3>
      <p>{template.summary}</p>
      <p className="soft">{template.engine?.name}</p>
      <StartBuildButton templateId={template.id} />
    </li>
  )
}
