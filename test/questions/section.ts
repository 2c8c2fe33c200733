import type { Section } from '../../src/core/section.ts'

/** A section as a host would have sent it. */
export function section(stdout: string, stderr = '', code = 0): Section {
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), code, truncated: false }
}
