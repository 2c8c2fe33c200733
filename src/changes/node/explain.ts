import type { Diagnostic } from '../../core/diagnostic.ts'
import { mask } from '../../core/secret.ts'
import { errText, type Section } from '../../core/section.ts'

/** It was to be done where k3s is not; undefined: that is not the cause. */
export function withoutK3s(section: Section): Diagnostic | undefined {
  const cause = mask(errText(section).trim()).slice(0, 1000)
  if (!/k3s: (command )?not found/.test(cause)) return undefined
  const hint = "name the k3s server: put it first into the inventory's group `server`, or give `server: HOST`"
  return { code: 'k3s-no-server', message: 'k3s is not installed on this host', hint, cause }
}

/** Why the server did not do it, in kubectl's words. */
export function explainNode(node: string, section: Section): Diagnostic {
  const missing = withoutK3s(section)
  if (missing) return missing
  const cause = mask(errText(section).trim()).slice(0, 1000)
  if (/\(NotFound\)/.test(cause)) {
    return { code: 'node-not-found', message: `the cluster has no node ${node} any more`, hint: 'join it first', cause }
  }
  const hint = 'look at `systemctl status k3s` and `k3s kubectl get nodes` on the server'
  return { code: 'change-failed', message: `the server does not change the node ${node}`, hint, cause }
}
