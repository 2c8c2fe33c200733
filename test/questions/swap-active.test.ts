import { expect, it } from 'vitest'
import { activeSwapsKind } from '../../src/questions/swap-active.ts'
import { section } from './section.ts'
import { runScript, shells } from './shells.ts'

const header = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'

it.each([
  [header, []],
  [`${header}/dev/zram0                              partition\t942076\t\t0\t\t100\n`, ['/dev/zram0']],
  [`${header}/var/swap file 102396 0 -2\n/dev/mmcblk0p3 partition 1 0 -3\n`, ['/var/swap', '/dev/mmcblk0p3']],
  [`${header}/var/my\\040swap file 102396 0 -2\n`, ['/var/my swap']],
])('reads %j', (text, names) => {
  const [answer] = activeSwapsKind.parse(section(text), [null])
  expect(answer!.map(swap => swap.name)).toEqual(names)
})

it('refuses garbage', () => {
  expect(() => activeSwapsKind.parse(section('Last login: today\n'), [null])).toThrow(/swaps/)
})

it.each(shells)('asks %s %s', (...shell) => {
  const words = shell.filter((word): word is string => word !== undefined)
  expect(() => activeSwapsKind.parse(runScript(words, activeSwapsKind.sh([null])), [null])).not.toThrow()
})
