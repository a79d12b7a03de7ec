import { getViewer } from '@/lib/viewer'

export async function Header() {
  const viewer = await getViewer()
  return <header>{viewer ? viewer.email : 'Sign in'}</header>
}
