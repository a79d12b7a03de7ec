import { listVideos } from '@/lib/guides'

export default async function VideosPage() {
  const videos = await listVideos()
  return <p>{videos.length} videos</p>
}
