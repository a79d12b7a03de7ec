import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Forum rules' }

export default function RulesPage() {
  return (
    <>
      <h1>Rules</h1>
      <ol>
        <li>Talk about karts, not about each other.</li>
        <li>Say what you measured, and with what.</li>
        <li>No advice that takes a guard, a brake or a kill switch off a kart that others drive.</li>
        <li>What is for sale belongs in the marketplace, with a price.</li>
      </ol>
    </>
  )
}
