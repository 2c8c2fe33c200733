import fc from 'fast-check'
import { marked } from '../gen/answers.ts'
import type { Cases } from './cases.ts'

export const rebootInfo: Cases = {
  module: 'reboot_info',
  lab: fc.boolean().map(marked => ({
    found: marked
      ? 'mkdir -p /run/pitool; printf "%s\\n" "$(cat /proc/sys/kernel/random/boot_id)" law >/run/pitool/reboot-required'
      : 'rm -f /run/pitool/reboot-required',
    tasks: [{ name: 'one', reboot_info: {}, register: 'r' }],
  })),
  answers: marked.map(mark => ({ args: {}, answers: { mark } })),
  readOnly: true,
}
