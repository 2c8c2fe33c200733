import { describe, expect, it } from 'vitest'
import { cgroupKind } from '../../src/questions/cgroup.ts'
import { section } from './section.ts'
import { runScript, shells } from './shells.ts'

describe.each(shells)('cgroup in %s %s', (...shell) => {
  it('tells this machine', () => {
    const words = shell.filter((word): word is string => word !== undefined)
    const [answer] = cgroupKind.parse(runScript(words, cgroupKind.sh([null])), [null])
    expect([1, 2]).toContain(answer!.version)
    expect(answer!.controllers.length).toBeGreaterThan(0)
  })
})

it('reads both versions', () => {
  expect(cgroupKind.parse(section('2 cpuset cpu memory pids\n'), [null])).toEqual([
    { version: 2, controllers: ['cpuset', 'cpu', 'memory', 'pids'] },
  ])
  expect(cgroupKind.parse(section('1 cpuset cpu\n'), [null])).toEqual([{ version: 1, controllers: ['cpuset', 'cpu'] }])
  expect(() => cgroupKind.parse(section('Hello\n'), [null])).toThrow(/control groups/)
})
