import type { Span } from '../../core/span.ts'
import type { Variables } from '../compile.ts'

/** Variables with the file they come from. */
export interface Origin {
  readonly origin: string
  readonly vars: Variables
}

export interface GroupDraft {
  readonly name: string
  readonly span: Span
  readonly children: Map<string, Span>
  /** Hosts named in the group itself. */
  readonly hosts: Set<string>
  readonly vars: Origin[]
  /** It has keys of its own, be they empty, so that its name is no slip of the pen. */
  defined: boolean
}

export interface HostDraft {
  readonly name: string
  readonly span: Span
  readonly vars: Origin[]
}

/** What the inventory files say, gathered before it is put together. */
export class Draft {
  readonly groups = new Map<string, GroupDraft>()
  readonly hosts = new Map<string, HostDraft>()

  group(name: string, span: Span): GroupDraft {
    const known = this.groups.get(name)
    if (known) return known
    const group: GroupDraft = { name, span, children: new Map(), hosts: new Set(), vars: [], defined: false }
    this.groups.set(name, group)
    return group
  }

  host(name: string, span: Span): HostDraft {
    const known = this.hosts.get(name)
    if (known) return known
    const host: HostDraft = { name, span, vars: [] }
    this.hosts.set(name, host)
    return host
  }
}
