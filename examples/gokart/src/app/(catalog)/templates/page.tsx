import type { Metadata } from 'next'
import { TemplateCard } from '@/components/template-card'
import { TemplateForm } from '@/components/template-form'
import { listEngines } from '@/lib/data/engines'
import { listTemplates } from '@/lib/data/templates'

export const metadata: Metadata = { title: 'Templates' }
export const revalidate = 600

export default async function TemplatesPage() {
  const [templates, engines] = await Promise.all([listTemplates(), listEngines()])

  return (
    <>
      <h1>Templates</h1>
      <p>A list of parts that work together, to start your own build from.</p>
      <ul className="grid">
        {templates.map(template => (
          <TemplateCard key={template.id} template={template} />
        ))}
      </ul>
      <h2>Propose one</h2>
      <TemplateForm engines={engines} />
    </>
  )
}
