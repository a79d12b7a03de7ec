import { invite } from './actions'

export default function Page() {
  return <form action={invite} />
}
