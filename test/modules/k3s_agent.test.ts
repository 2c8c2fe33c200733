import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import type { Plan } from '../../src/core/module.ts'
import { reveal, Secret } from '../../src/core/secret.ts'
import { agentUnitText } from '../../src/modules/k3s/agent-unit.ts'
import {
  agentConfigPath,
  agentEnvPath,
  agentRestartMark,
  agentUninstallPath,
  agentUnitName,
  agentUnitPath,
  k3sPath,
} from '../../src/modules/k3s/paths.ts'
import { k3sAgent } from '../../src/modules/k3s_agent.ts'
import { type FileAnswer, fileStat, fileText } from '../../src/questions/file.ts'
import { type BinaryAnswer, k3sBinary } from '../../src/questions/k3s/binary.ts'
import { journal } from '../../src/questions/k3s/journal.ts'
import { k3sMember, type MemberAnswer } from '../../src/questions/k3s/member.ts'
import { type ClusterNode, clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { type LocalFile, localFile } from '../../src/questions/local.ts'
import { localDigest } from '../../src/questions/local-digest.ts'
import { localDownload } from '../../src/questions/local-download.ts'
import { type MarkAnswer, mark } from '../../src/questions/mark.ts'
import { type UnitAnswer, unitState } from '../../src/questions/unit.ts'
import { aFile, aMember, aNode, aUnit, marked, noFile, noUnit, unmarked } from './found.ts'
import { type Answers, ctx, lookWith, planWith, says, saysOn } from './plan-with.ts'

const hash = '7ca6'.repeat(16)
const sum = 'd98a'.repeat(16)
const version = 'v1.30.4+k3s1'
const url = 'https://192.168.1.55:6443'
const token = new Secret(`K10${hash}::server:0123456789`)
const envText = `K3S_URL='${url}'\nK3S_TOKEN='${token.reveal()}'\n`
const base = { url, token, version }

interface Host {
  readonly binary?: BinaryAnswer
  readonly files?: readonly FileAnswer[]
  readonly unit?: UnitAnswer
  readonly member?: MemberAnswer
  readonly mark?: MarkAnswer
  readonly nodes?: readonly ClusterNode[]
}

const fresh: Required<Host> = {
  binary: { version: '', exists: false },
  files: [],
  unit: noUnit(agentUnitName),
  member: aMember({ role: 'none', active: false }),
  mark: unmarked,
  nodes: [aNode('srv')],
}
const joined: Required<Host> = {
  binary: { version, exists: true, digest: sum },
  files: [aFile(agentUnitPath, agentUnitText([])), aFile(agentEnvPath, envText, { mode: '0600' })],
  unit: aUnit(agentUnitName),
  member: aMember(),
  mark: unmarked,
  nodes: [aNode('srv'), aNode('w1')],
}

const release = 'https://github.com/k3s-io/k3s/releases/download/v1.30.4%2Bk3s1'
function answersOf(host: Required<Host>): Answers {
  const file = (path: string) => host.files.find(one => one.path === path) ?? noFile(path)
  return [
    says(k3sBinary(k3sPath), host.binary),
    says(k3sBinary(k3sPath, { digest: true }), host.binary),
    ...[agentUnitPath, agentEnvPath, agentConfigPath].map(path => says(fileText(path), file(path))),
    says(fileStat(agentUninstallPath), file(agentUninstallPath)),
    says(unitState(agentUnitName), host.unit),
    says(k3sMember(), host.member),
    says(mark(agentRestartMark), host.mark),
    saysOn('srv', clusterNodes(), { clock: 1000, nodes: host.nodes }),
    says(localDigest('/files/k3s-arm64'), { digest: sum, size: 60, path: '/files/k3s-arm64' }),
    says(localDigest('/files/none'), null),
    says(localDownload({ url: `${release}/k3s-arm64` }), { path: '/cache/k3s', digest: sum, size: 60 }),
  ]
}
const plan = (args: object, host: Host, from = joined) =>
  planWith(k3sAgent, { ...base, ...args }, answersOf({ ...from, ...host }))

function told(changes: readonly Change[]): readonly string[] {
  return changes.map(change => {
    const { kind, name, path, enabled, state, daemonReload } = change as Change & Record<string, unknown>
    const words = [kind, name ?? path, daemonReload && 'reload', enabled && 'enable', state]
    return words.filter(word => word).join(' ')
  })
}

describe('a new host', () => {
  it('gets the program, the unit, the token, and is started without waiting', () => {
    const { changes, settle } = plan({}, {}, fresh)
    expect(told(changes)).toEqual([
      `file.download ${k3sPath}`,
      `file.write ${agentUnitPath}`,
      `file.write ${agentEnvPath}`,
      `unit.set ${agentUnitName} reload enable started`,
    ])
    expect(changes.at(-1)).toMatchObject({ noBlock: true })
    expect(changes[0]).toMatchObject({ url: `${release}/k3s-arm64`, sums: { name: 'k3s-arm64' } })
    expect(settle?.within).toBe(180)
  })
  it('keeps the token in a file of root alone, and nowhere else', () => {
    const { changes, result } = plan({}, {}, fresh)
    const env = changes[2] as Change & { readonly text: Secret; readonly mode: string }
    expect(env.mode).toBe('0600')
    expect(env.text).toBeInstanceOf(Secret)
    expect(reveal(env.text)).toBe(envText)
    expect(JSON.stringify({ changes, result })).not.toContain('0123456789')
  })
  it('keeps a secret of its environment there too', () => {
    const proxy = new Secret('http://me:canary-proxy@proxy:3128')
    const { changes } = plan({ env: { HTTPS_PROXY: proxy } }, {}, fresh)
    const env = changes[2] as Change & { readonly text: Secret }
    expect(reveal(env.text)).toBe(`${envText}HTTPS_PROXY='${proxy.reveal()}'\n`)
    expect(JSON.stringify(changes)).not.toContain('canary')
  })
  it.each([
    ['no token', { token: null }, 'k3s-malformed-token'],
    ['a malformed token', { token: new Secret('K10abc') }, 'k3s-malformed-token'],
    ['no version', { version: undefined }, 'task-failed'],
    [
      'a label that would end the agent',
      { extra_args: ['--node-label=node-role.kubernetes.io/worker=x'] },
      'k3s-label-refused',
    ],
    ['the same in config', { config: { 'node-label': ['k8s.io/x=1'] } }, 'k3s-label-refused'],
    ['a token in the arguments', { extra_args: ['--token=x'] }, 'refused'],
    ['a file without its name', { install: 'file' }, 'task-failed'],
    ['a file that is not there', { install: 'file', binary_src: '/files/none' }, 'not-found'],
    [
      'a file that is another',
      { install: 'file', binary_src: '/files/k3s-arm64', sha256: 'a'.repeat(64) },
      'k3s-digest',
    ],
  ])('is not touched with %s', (_, args, code) => {
    const { failed, changes } = plan(args, {}, fresh)
    expect(failed?.code).toBe(code)
    expect(failed?.hint).toMatch(/\w/)
    expect(changes).toEqual([])
  })
  it('of a kind that k3s does not run on is refused', () => {
    const member = { ...fresh.member, machine: 'armv6l' }
    expect(plan({}, { member }, fresh).failed?.message).toContain('armv6l')
  })
  it('that is the server is refused', () => {
    expect(plan({}, { member: aMember({ role: 'server' }) }, fresh).failed?.code).toBe('refused')
  })
  it('without a named server cannot be proven', () => {
    const lost = planWith(k3sAgent, base, [], { ...ctx, groups: {} })
    expect(lost.failed?.code).toBe('k3s-no-server')
  })
})

describe('where the program comes from', () => {
  const program = (args: object, host: Host = {}) => plan(args, host, fresh).changes[0]
  it('a pinned sum is believed alone', () => {
    expect(program({ sha256: sum })).toMatchObject({ kind: 'file.download', digest: sum })
    expect(program({ sha256: sum })).not.toHaveProperty('sums')
  })
  it('a file of ours is sent', () => {
    const sent = program({ install: 'file', binary_src: '/files/k3s-arm64' })
    expect(sent).toMatchObject({ kind: 'file.upload', from: '/files/k3s-arm64', digest: sum, path: k3sPath })
  })
  it('what this side fetched is sent, and the message says so', () => {
    const { changes, message } = plan({ fetch: 'control' }, {}, fresh)
    expect(changes[0]).toMatchObject({ kind: 'file.upload', from: '/cache/k3s', digest: sum })
    expect(message).toContain(`${release}/k3s-arm64`)
  })
  it('a mirror is asked instead of GitHub', () => {
    expect(program({ release_url: 'http://mirror:8080/releases/' })).toMatchObject({
      url: 'http://mirror:8080/releases/v1.30.4%2Bk3s1/k3s-arm64',
    })
  })
  it.each([
    ['the same version', {}, { binary: { version, exists: true } }],
    ['the same sum', { sha256: sum }, {}],
    ['the same file', { install: 'file', binary_src: '/files/k3s-arm64' }, {}],
    ['the same file, fetched here', { fetch: 'control', version: 'v1.30.4+k3s1' }, {}],
    ['whatever is there, without a version', { version: undefined }, {}],
  ])('%s is left alone', (_, args, host) => expect(plan(args, host).changes).toEqual([]))
})

describe("k3s' own installer", () => {
  const text = Buffer.from('#!/bin/sh\necho installer\n')
  const digest = 'e1'.repeat(32)
  const script: LocalFile = {
    path: '/files/install.sh',
    type: 'file',
    mode: '0644',
    size: text.length,
    digest,
    bytes: text,
  }
  const get = 'https://get.k3s.io'
  const here = (host: Required<Host>): Answers => [
    ...answersOf(host),
    says(localFile('/files/install.sh'), script),
    says(localFile('/files/readme'), { ...script, bytes: Buffer.from('Read me') }),
    says(localDownload({ url: get, sha256: digest }), { path: '/files/install.sh', digest, size: text.length }),
  ]
  const byScript = (args: object, host: Host, from = fresh) =>
    planWith(
      k3sAgent,
      { ...base, install: 'script', script_src: '/files/install.sh', ...args },
      here({ ...from, ...host }),
    )
  const uninstall = aFile(agentUninstallPath, '#!/bin/sh\n')
  const installed = { ...joined, files: [...joined.files, uninstall] }

  it('runs after the program is there and before the token is', () => {
    const { changes } = byScript({ node_ip: '10.0.0.2' }, {})
    expect(told(changes)).toEqual([
      `file.download ${k3sPath}`,
      'k3s.install',
      `file.write ${agentEnvPath}`,
      `unit.set ${agentUnitName} reload enable started`,
    ])
    expect(changes[1]).toMatchObject({ arguments: ['--node-ip', '10.0.0.2'], url })
    expect(JSON.stringify(changes[1])).not.toContain('0123456789')
    // What it wrote of its own is not what the plan saw.
    expect(changes[2]).not.toHaveProperty('expects')
  })
  it('is fetched only against a sum', () => {
    expect(byScript({ script_src: undefined, script_sha256: digest }, {}).changes[1]?.kind).toBe('k3s.install')
    expect(byScript({ script_src: undefined }, {}).failed?.hint).toContain('script_sha256')
  })
  it.each([
    ['another sum', { script_sha256: 'a'.repeat(64) }, 'k3s-digest'],
    ['no script', { script_src: '/files/readme' }, 'task-failed'],
  ])('%s is refused before anything is done', (_, args, code) => {
    const { failed, changes } = byScript(args, {})
    expect(failed?.code).toBe(code)
    expect(changes).toEqual([])
  })
  it('never runs when nothing of its own differs', () => {
    expect(byScript({}, {}, installed).changes).toEqual([])
    expect(told(byScript({ version: 'v1.31.0+k3s1' }, {}, installed).changes)).not.toContain('k3s.install')
    expect(told(byScript({ url: 'https://10.0.0.1:6443' }, {}, installed).changes)).not.toContain('k3s.install')
  })
  it.each([
    ['its uninstall script is missing', {}, joined],
    ['the arguments differ', { node_ip: '10.0.0.2' }, installed],
  ])('%s: noted, run, the token written again, enabled again', (_, args, from) => {
    expect(told(byScript(args, {}, from).changes)).toEqual([
      `mark.set ${agentRestartMark}`,
      'k3s.install',
      `file.write ${agentEnvPath}`,
      `unit.set ${agentUnitName} reload enable restarted`,
      `mark.clear ${agentRestartMark}`,
    ])
  })
})

describe('a joined host', () => {
  it('is left alone, and needs no further look', () => {
    const { changes, settle, result } = plan({}, {})
    expect(changes).toEqual([])
    expect(settle).toBeUndefined()
    expect(result).toMatchObject({ changed: false, node: 'w1', version, ready: true, restarted: false })
  })
  it.each([
    ['without a token', { token: null }],
    ['with a short-lived token made for it', { token: new Secret(`K10${hash}::abc123.0123456789abcdef`) }],
  ])('%s too', (_, args) => expect(plan(args, {}).changes).toEqual([]))
  it('whose unit an installer wrote is left alone', () => {
    const unit = agentUnitText([]).replace('Type=notify', 'Type=exec').replace('k3s agent', 'k3s \\\n    agent \\\n')
    expect(plan({}, { files: [aFile(agentUnitPath, unit), joined.files[1]!] }).changes).toEqual([])
  })
  it.each([
    ['another token', { token: new Secret(`K10${hash}::server:other`) }, `file.write ${agentEnvPath}`],
    ['another URL', { url: 'https://10.0.0.1:6443' }, `file.write ${agentEnvPath}`],
    ['an argument', { node_ip: '10.0.0.2' }, `file.write ${agentUnitPath}`],
    ['another version', { version: 'v1.31.0+k3s1' }, `file.download ${k3sPath}`],
    ['a configuration', { config: { v: 1 } }, `file.write ${agentConfigPath}`],
  ])('%s: noted before it is written, restarted, the note dropped after that', (_, args, write) => {
    expect(told(plan(args, {}).changes)).toEqual([
      `mark.set ${agentRestartMark}`,
      write,
      `unit.set ${agentUnitName} reload restarted`,
      `mark.clear ${agentRestartMark}`,
    ])
  })
  it.each([
    [
      'a token that everybody may read',
      { files: [joined.files[0]!, aFile(agentEnvPath, envText)] },
      [
        `mark.set ${agentRestartMark}`,
        `file.write ${agentEnvPath}`,
        `unit.set ${agentUnitName} reload restarted`,
        `mark.clear ${agentRestartMark}`,
      ],
    ],
    [
      'a run killed between writing and restarting',
      { mark: marked },
      [`unit.set ${agentUnitName} restarted`, `mark.clear ${agentRestartMark}`],
    ],
    ['a node deleted on the server', { nodes: [aNode('srv')] }, [`unit.set ${agentUnitName} restarted`]],
    [
      'an agent that still runs the old program',
      { nodes: [aNode('w1', { version: 'v1.29.0+k3s1' })] },
      [`unit.set ${agentUnitName} restarted`],
    ],
    ['a stopped agent', { unit: aUnit(agentUnitName, { active: 'inactive' }) }, [`unit.set ${agentUnitName} started`]],
    ['a failed agent', { unit: aUnit(agentUnitName, { active: 'failed' }) }, [`unit.set ${agentUnitName} started`]],
    [
      'one that would not start at boot',
      { unit: aUnit(agentUnitName, { enabled: 'disabled' }) },
      [`unit.set ${agentUnitName} enable`],
    ],
  ])('%s', (_, host, wanted) => expect(told(plan({}, host as Host).changes)).toEqual(wanted))
  it('the old token is shown in no diff', () => {
    const { changes } = plan({ token: new Secret(`K10${hash}::server:other`) }, {})
    expect(JSON.stringify(changes)).not.toContain('0123456789')
  })
  it('is never renamed', () => {
    const { failed, changes } = plan({ node_name: 'w9' }, {})
    expect(failed?.code).toBe('refused')
    expect(failed?.message).toContain('w9')
    expect(changes).toEqual([])
  })
  it.each([
    ['not Ready', aNode('w1', { ready: false })],
    ['without a sign of life', aNode('w1', { heartbeat: 900 })],
  ])('%s: nothing is changed, but waited for', (_, node) => {
    const { changes, settle } = plan({}, { nodes: [node] })
    expect(changes).toEqual([])
    expect(settle).toBeDefined()
  })
})

describe('the join', () => {
  const unauthorized = 'time="x" level=error msg="https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized"'
  const look = (
    decided: Plan,
    seconds: number,
    at: { nodes: readonly ClusterNode[]; lines?: readonly string[]; last?: boolean },
  ) =>
    lookWith(decided, { elapsed: seconds, last: at.last ?? false }, [
      saysOn('srv', clusterNodes(), { clock: 1000, nodes: at.nodes }),
      says(journal(agentUnitName, seconds), at.lines ?? []),
      says(journal(agentUnitName, 40), at.lines ?? []),
      says(unitState(agentUnitName), aUnit(agentUnitName)),
    ])
  const started = plan({ url: 'https://10.0.0.1:6443' }, {})
  it('is done when the node is Ready by a sign of life from after the start', () => {
    expect(look(started, 10, { nodes: [aNode('w1')] })).toEqual({
      done: true,
      result: { node: 'w1', version, ready: true },
    })
  })
  it('Ready from before the start is a leftover', () => {
    expect(look(started, 5, { nodes: [aNode('w1')] })).toHaveProperty('waiting')
  })
  it.each([
    ['not listed', [aNode('srv')], /listed/],
    ['not Ready', [aNode('w1', { ready: false, reason: 'no cni' })], /no cni/],
    ['of the old version', [aNode('w1', { version: 'v1.29.0+k3s1' })], /v1\.29\.0/],
  ])('a node %s is waited for', (_, nodes, waiting) => {
    const seen = look(started, 10, { nodes })
    expect('waiting' in seen && seen.waiting).toMatch(waiting)
  })
  it('ends early when the journal names a cause again and again, with the cure', () => {
    const caught = (lines: readonly string[], last = false) => {
      try {
        look(started, 10, { nodes: [aNode('srv')], lines, last })
        return undefined
      } catch (error) {
        return error instanceof Failure ? error.diagnostic : undefined
      }
    }
    expect(caught([unauthorized])).toBeUndefined()
    const named = caught([unauthorized, unauthorized, unauthorized])
    expect(named).toMatchObject({ code: 'k3s-wrong-password' })
    expect(named?.hint).toContain('token')
    expect(caught([unauthorized], true)?.code).toBe('k3s-wrong-password')
    expect(caught(['odd'], true)).toMatchObject({ code: 'k3s-join-timeout', cause: 'odd' })
  })
  it('an unchanged host that is Ready again is done', () => {
    const waiting = plan({}, { nodes: [aNode('w1', { heartbeat: 900 })] })
    expect(look(waiting, 0, { nodes: [aNode('w1')] })).toHaveProperty('done')
  })
})
