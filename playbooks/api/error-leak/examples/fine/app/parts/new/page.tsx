import { PartForm } from '@/components/part-form'

export default function NewPartPage() {
  return <PartForm />
}
