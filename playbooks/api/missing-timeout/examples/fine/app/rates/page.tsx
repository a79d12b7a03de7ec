import { Rates } from '@/components/rates'

export default function RatesPage() {
  return <Rates />
}
