import fc from 'fast-check'
import { printBytes } from '../../../src/core/sh.ts'
import type { Cases } from './cases.ts'

const words = ['cgroup_enable=memory', 'cgroup_memory=1', 'quiet', 'console=tty1', 'a.b="x y"'] as const
const word = fc.constantFrom(...words)
const line = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof(
        word,
        fc.constantFrom('cgroup_disable=memory', 'cgroup_disable=pids,memory', 'cgroup_memory=10', 'xquiet'),
      ),
      { maxLength: 4 },
    ),
    fc.constantFrom(' ', '  '),
    fc.constantFrom('\n', '', ' \n', '\r\n', '\n\n', '\nmore\n'),
  )
  .map(([kernel, found, space, end]) => [...(kernel ? ['root=/dev/sda2'] : []), ...found].join(space) + end)
const wish = fc
  .tuple(fc.subarray([...words]), fc.subarray([...words]))
  .map(([present, absent]) => ({ present, absent: absent.filter(one => !present.includes(one)) }))
const settled = line.filter(text => text.startsWith('root=') && !text.includes('more'))

export const kernelCmdline: Cases = {
  module: 'kernel_cmdline',
  scratch: fc
    .tuple(fc.oneof({ weight: 4, arbitrary: settled }, { weight: 1, arbitrary: line }), wish, wish)
    .map(([text, one, two]) => ({
      found: `${printBytes(text)} >/law/cmdline.txt; touch -d '2001-01-01' /law/cmdline.txt`,
      tasks: [
        { name: 'one', kernel_cmdline: { ...one, path: '/law/cmdline.txt' } },
        // A second wish may not take back what the first one wished: that would never come to rest.
        {
          name: 'two',
          kernel_cmdline: { present: two.present.filter(w => !one.absent.includes(w)), path: '/law/cmdline.txt' },
        },
      ],
    })),
}
