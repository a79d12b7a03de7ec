'use client'

import { useState, useTransition } from 'react'
import { setMemberRole } from '@/actions/admin'

const ROLES = ['member', 'moderator', 'admin']

interface Props {
  members: { id: string; username: string; display_name: string; role: string }[]
}

export function MemberTable({ members }: Props) {
  const [error, setError] = useState<string | null>(null)
  const [pending, start] = useTransition()

  function change(memberId: string, role: string) {
    start(async () => {
      const result = await setMemberRole({ memberId, role })
      setError(result.success ? null : result.error)
    })
  }

  return (
    <>
      {error && <p className="error">{error}</p>}
      <table>
        <tbody>
          {members.map(member => (
            <tr key={member.id}>
              <td>{member.display_name}</td>
              <td className="soft">{member.username}</td>
              <td>
                <select
                  defaultValue={member.role}
                  disabled={pending}
                  aria-label={`Role of ${member.username}`}
                  onChange={event => change(member.id, event.target.value)}
                >
                  {ROLES.map(role => (
                    <option key={role}>{role}</option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
