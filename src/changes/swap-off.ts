import type { Change } from '../core/change.ts'
import { mask } from '../core/secret.ts'
import { errText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** Swaps taken out of use now; that they stay out is the work of other changes. */
export interface SwapOff extends Change {
  readonly kind: 'swap.off'
  readonly devices: readonly string[]
}

export function swapOff(devices: readonly string[]): SwapOff {
  return { kind: 'swap.off', devices }
}

/** The kernel lists odd characters of names as `\\040`. */
function asListed(device: string): string {
  return device.replace(/[ \t\n\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

export const swapOffKind: ChangeKind<SwapOff> = {
  kind: 'swap.off',
  // What stopping a service has swapped off already is no longer listed.
  carry: ({ devices }) => ({
    script: `
off() {
  while read -r name rest; do
    if [ "$name" = "$2" ]; then swapoff -- "$1"; fi
  done < /proc/swaps
}
${devices.map(device => `off ${quote(device)} ${quote(asListed(device))}`).join('\n')}`,
    own: true,
    timeout: 600,
  }),
  explain: section => {
    const said = mask(errText(section).trim()).slice(0, 1000)
    if (!/Cannot allocate memory/i.test(said)) return undefined
    return {
      code: 'change-failed',
      message: 'swap cannot be taken out of use: what is in it does not fit into memory',
      hint: 'stop something that uses much memory, or reboot: it stays off after that',
      cause: said,
    }
  },
  fold: shadow => void shadow.values.set('swap:active', []),
  diff: ({ devices }) => ({ subject: 'swap', summary: `swap off ${devices.join(' ')}` }),
  footprint: () => ['swap.active'],
}
