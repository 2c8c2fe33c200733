import { loadPart } from './parts.ts'

declare const PITOOL_START: string | undefined

/** All of the program but its version: as it was built, or, run from its sources, as it is written. */
export async function program(): Promise<typeof import('./start.ts')> {
  if (typeof PITOOL_START === 'undefined') return import('./start.ts')
  return loadPart(import.meta.dirname, PITOOL_START) as typeof import('./start.ts')
}
