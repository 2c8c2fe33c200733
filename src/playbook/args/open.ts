import { Unknown } from '../../core/unknown.ts'

/** Stands for a value that is not known yet: it fits everywhere. */
export class Dynamic {}
export const dynamic = new Dynamic()

export function isOpen(value: unknown): boolean {
  return value instanceof Unknown || value instanceof Dynamic
}
