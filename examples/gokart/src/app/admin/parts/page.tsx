import type { Metadata } from 'next'
import { ArchivePartButton } from '@/components/archive-part-button'
import { requireAdmin } from '@/lib/auth'
import { listParts } from '@/lib/data/parts'

export const metadata: Metadata = { title: 'Parts' }

export default async function AdminPartsPage() {
  await requireAdmin()
  const parts = await listParts()

  return (
    <table>
      <tbody>
        {parts.map(part => (
          <tr key={part.id}>
            <td>{part.name}</td>
            <td className="soft">{part.brand}</td>
            <td>
              <ArchivePartButton partId={part.id} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
