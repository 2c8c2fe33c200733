import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import { Unknown } from '../core/unknown.ts'
import type { ChangeKind } from './kind.ts'

export interface Reboot extends Change {
  readonly kind: 'reboot'
  /** For the log, and for who is logged in. */
  readonly message: string
  /** As shown: what made it necessary. */
  readonly reason: string
}

export function rebootHost(change: Omit<Reboot, 'kind'>): Reboot {
  return { kind: 'reboot', ...change }
}

export const rebootKind: ChangeKind<Reboot> = {
  kind: 'reboot',
  carry: ({ message }) => ({ script: script(message), own: true, timeout: 30 }),
  // Marks lie in a folder that lives as long as the boot.
  fold: shadow => {
    for (const name of [...shadow.values.keys()]) if (name.startsWith('mark:')) shadow.values.delete(name)
    shadow.values.set('kernel', new Unknown('the kernel is started anew by the reboot'))
  },
  diff: ({ reason }) => ({ subject: 'host', summary: `reboot: ${reason}` }),
  footprint: () => 'all',
}

// It begins a moment later, outside of our session, so that this script ends first and is answered.
function script(message: string): string {
  return `
logger -t pitool -- ${quote(message)} 2>/dev/null || :
if command -v systemd-run >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
  systemd-run --quiet --collect --on-active=1s --timer-property=AccuracySec=100ms systemctl reboot
else
  (sleep 1; reboot) </dev/null >/dev/null 2>&1 &
fi`
}
