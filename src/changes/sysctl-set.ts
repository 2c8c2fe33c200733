import type { Change } from '../core/change.ts'
import { printBytes, quote } from '../core/sh.ts'
import { sysctlPath } from '../core/sysctl-path.ts'
import { explainAbout } from './explain.ts'
import type { ChangeKind } from './kind.ts'

/** A kernel parameter as it is now; the file that the next boot reads is a change of its own. */
export interface SysctlSet extends Change {
  readonly kind: 'sysctl.set'
  readonly name: string
  readonly value: string
  readonly before?: string | null | undefined
}

export function setSysctl(change: Omit<SysctlSet, 'kind'>): SysctlSet {
  return { kind: 'sysctl.set', ...change }
}

export const sysctlSet: ChangeKind<SysctlSet> = {
  kind: 'sysctl.set',
  carry: ({ name, value }) => ({ script: `${printBytes(`${value}\n`)} >${quote(sysctlPath(name))}` }),
  explain(section, { name, value }) {
    const general = explainAbout(`sysctl ${name}`, section)
    return (
      general ?? {
        code: 'change-failed',
        message: `the kernel does not take ${value} for ${name}`,
        hint: 'look up which values it allows',
      }
    )
  },
  fold: (shadow, { name, value }) => void shadow.values.set(`sysctl:${name}`, value.trim().replace(/\s+/g, ' ')),
  diff: ({ name, value, before }) => ({
    subject: `sysctl ${name}`,
    summary: `set ${name} to ${value} now`,
    facets: [{ name, before: before ?? '', after: value }],
  }),
  footprint: ({ name }) => [`sysctl:${name}`, `file:${sysctlPath(name)}`],
}
