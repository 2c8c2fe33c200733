import type { Change } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Section } from '../core/section.ts'
import { printBytes, sh } from '../core/sh.ts'
import { Unknown } from '../core/unknown.ts'
import { saidBy } from './explain.ts'
import { foldFile } from './file/fold.ts'
import type { ChangeKind } from './kind.ts'

/**
 * k3s' own installer, which writes the agent's unit, its links, its killall and uninstall scripts. The program is there
 * already, nothing is enabled or started, and no token goes near it: it would write one into its environment file
 * only, which is written after it.
 */
export interface K3sInstall extends Change {
  readonly kind: 'k3s.install'
  /** The installer. */
  readonly text: Uint8Array
  /** Where it comes from, for people. */
  readonly from: string
  readonly url: string
  /** Of `k3s agent`. */
  readonly arguments: readonly string[]
  /** What it makes: the unit first. */
  readonly makes: readonly string[]
}

export function installK3s(change: Omit<K3sInstall, 'kind'>): K3sInstall {
  return { kind: 'k3s.install', ...change }
}

// With a command named, the installer wants no token: https://get.k3s.io, verify_k3s_url and setup_env.
const settings = 'INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SKIP_ENABLE=true INSTALL_K3S_SKIP_START=true'

export const k3sInstallKind: ChangeKind<K3sInstall> = {
  kind: 'k3s.install',
  carry: ({ text, url, arguments: args }) => ({
    script: `unset INSTALL_K3S_EXEC K3S_TOKEN K3S_TOKEN_FILE
export ${settings} ${sh`K3S_URL=${url}`}
{ ${printBytes(text)}; } | ${sh`sh -s - agent ${args}`}`,
    own: true,
    timeout: 300,
  }),
  explain: explainInstall,
  fold(shadow, { makes, from }) {
    for (const path of makes) foldFile(shadow, path, { type: 'file', text: new Unknown(`${from} writes it`) })
    shadow.mayBring(`k3s' installer`)
  },
  diff: ({ from, makes, arguments: args }) => ({
    subject: "k3s' installer",
    summary: `run ${from}, which writes ${makes.join(', ')}`,
    facets: args.length === 0 ? [] : [{ name: 'arguments of the agent', before: '', after: args.join(' ') }],
  }),
  footprint: () => 'all',
}

function explainInstall(section: Section, { from }: K3sInstall): Diagnostic {
  return {
    code: 'k3s-install',
    message: `${from} ended with exit ${section.code}`,
    hint: 'is it the installer of get.k3s.io? `k3s_install: binary` does without it',
    cause: saidBy(section),
  }
}
