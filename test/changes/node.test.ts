import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cordonNode, nodeCordonKind } from '../../src/changes/node-cordon.ts'
import { drainNode, nodeDrainKind } from '../../src/changes/node-drain.ts'
import { nodeTaintKind, taintNode } from '../../src/changes/node-taint.ts'
import { section } from '../questions/section.ts'
import { runScript, shells } from '../questions/shells.ts'
import { inFolder } from './law.ts'

const inService = { cordoned: false, by: undefined }
const cordon = cordonNode({ on: 'srv', node: 'w1', cordoned: true, by: 'pitool', before: inService })
const uncordon = cordonNode({ ...cordon, cordoned: false, by: undefined, before: { cordoned: true, by: 'pitool' } })
const drain = drainNode({
  on: 'srv',
  node: "it's",
  deleteEmptydirData: true,
  force: false,
  disableEviction: false,
  gracePeriod: 0,
  within: 60,
})
const taint = taintNode({
  on: 'srv',
  node: 'w1',
  set: ['a=b:NoSchedule'],
  remove: ['c:NoExecute'],
  before: ['c:NoExecute'],
  after: ['a=b:NoSchedule'],
})

/** What k3s is called with, a word a line; `k3s kubectl get` prints whether the node is cordoned. */
function calls(shell: readonly string[], script: string, cordoned = '') {
  return inFolder(folder => {
    const log = `${folder}/log`
    const k3s = `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nif [ "$2" = get ]; then printf '%s' "${cordoned}"; fi\n`
    writeFileSync(`${folder}/k3s`, k3s)
    chmodSync(`${folder}/k3s`, 0o755)
    const { code } = runScript(shell, script, { env: { PATH: `${folder}:${process.env.PATH}` } })
    return { code, words: readFileSync(log, 'utf8').trim().split('\n') }
  })
}

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  it('a cordon and its note are one request', () => {
    const { code, words } = calls(shell, nodeCordonKind.carry(cordon).script)
    expect(code).toBe(0)
    const patch = words.at(words.indexOf('-p') + 1)!
    expect(JSON.parse(patch)).toEqual({
      metadata: { annotations: { 'pitool/cordoned-by': 'pitool' } },
      spec: { unschedulable: true },
    })
  })
  it.each([
    ['cordoned by another meanwhile', cordon, 'true', 91],
    ['uncordoned by another meanwhile', uncordon, '', 91],
    ['as it was seen', uncordon, 'true', 0],
  ])('%s', (_, change, now, code) => {
    const called = calls(shell, nodeCordonKind.carry(change).script, now)
    expect(called.code).toBe(code)
    expect(called.words.includes('patch')).toBe(code === 0)
  })
  it('a drain says what it may do', () => {
    const { words } = calls(shell, nodeDrainKind.carry(drain).script)
    const options = ['--ignore-daemonsets', '--delete-emptydir-data', '--grace-period=0', '--timeout=60s']
    expect(words).toEqual(['kubectl', 'drain', "it's", ...options])
  })
  it('taints are set and taken in one command', () => {
    const { words } = calls(shell, nodeTaintKind.carry(taint).script)
    expect(words.slice(1, 7)).toEqual(['taint', 'node', 'w1', 'a=b:NoSchedule', 'c:NoExecute-', '--overwrite'])
  })
})

describe('what went wrong', () => {
  it.each([
    ['error when evicting pods/"a": global timeout reached: 60s', 'drain-timeout', /pdb/],
    [
      'error: cannot delete Pods with local storage (use --delete-emptydir-data to override): m/c',
      'drain-refused',
      /delete_options/,
    ],
    ['Error from server (NotFound): nodes "w1" not found', 'node-not-found', /join/],
    ['The connection to the server was refused', 'change-failed', /systemctl/],
  ])('%s', (said, code, hint) => {
    const told = nodeDrainKind.explain?.(section('', said, 1), drain)
    expect(told?.code).toBe(code)
    expect(told?.hint).toMatch(hint)
    expect(told?.cause).toContain(said.slice(0, 20))
  })
  it('a node that changed underneath', () => {
    expect(nodeCordonKind.explain?.(section('', '', 91), cordon)).toMatchObject({ code: 'changed-underneath' })
  })
})

it('a cordon shows what it does to the node, and whose note it bears', () => {
  expect(nodeCordonKind.diff(uncordon).facets).toEqual([
    { name: 'cordoned', before: 'true', after: 'false' },
    { name: 'pitool/cordoned-by', before: 'pitool', after: '' },
  ])
})
