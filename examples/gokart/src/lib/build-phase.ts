import 'server-only'
import { logError } from '@/lib/log'

/**
 * What `load` returns. While the app is being built the database may be out of reach, and a page may then start empty;
 * later a failure throws, and Next keeps serving the page's last good version.
 */
export async function orWhileBuilding<T>(load: () => Promise<T>, fallback: T): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (process.env.NEXT_PHASE !== 'phase-production-build') throw error
    logError('build', error)
    return fallback
  }
}
