import { Greeting } from '@/components/greeting'

export default function HomePage() {
  return <Greeting />
}
