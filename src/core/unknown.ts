/** A value that only a run can tell, and why. Never replaced by a guess. */
export class Unknown {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
  toString(): string {
    return `(known after apply: ${this.reason})`
  }
  toJSON(): { unknown: string } {
    return { unknown: this.reason }
  }
}

/** The first Unknown inside a value, however deep; undefined where all is known. */
export function findUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown) return value
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined
  for (const part of Object.values(value)) {
    const found = findUnknown(part)
    if (found) return found
  }
  return undefined
}
