import dynamic from 'next/dynamic'

const Map = dynamic(() => import('@/components/map'))

/** Another "dynamic": a component that loads later. */
export default function MapPage() {
  return <Map />
}
