import { describe, expect, it } from 'vitest'
import { reboot } from '../../src/modules/reboot.ts'
import { boot } from '../../src/questions/boot.ts'
import { k3sMember, type MemberAnswer } from '../../src/questions/k3s/member.ts'
import { type ClusterNode, clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { type MarkAnswer, mark, rebootRequired } from '../../src/questions/mark.ts'
import { runReadonly } from '../../src/questions/run.ts'
import { aBoot, aMember, aNode, marked, unmarked } from './found.ts'
import { type Answers, ctx, lookWith, planWith, says, saysOn } from './plan-with.ts'

interface Host {
  readonly mark?: MarkAnswer
  readonly member?: MemberAnswer
  readonly nodes?: readonly ClusterNode[]
}

function plan(
  args: object,
  { mark: noted = marked, member = aMember({ role: 'none' }), nodes = [] }: Host = {},
  where = ctx,
) {
  const cluster = { clock: 1000, nodes }
  const answers: Answers = [
    says(boot(), aBoot),
    says(mark(rebootRequired), noted),
    says(k3sMember(), member),
    saysOn('srv', clusterNodes(), cluster),
    says(clusterNodes(), cluster),
  ]
  return planWith(reboot, args, answers, where)
}

describe('reboot', () => {
  it('only where something asks for it', () => {
    expect(plan({}, { mark: unmarked })).toMatchObject({ changes: [], result: { changed: false, rebooted: false } })
    expect(plan({}).changes).toMatchObject([{ kind: 'reboot', reason: 'an earlier change' }])
    expect(plan({ force: true }, { mark: unmarked }).changes).toHaveLength(1)
    expect(plan({ when_marked: false }, { mark: unmarked }).changes).toHaveLength(1)
  })
  it.each([
    ['a Ready node in service', aMember(), [aNode('w1')], 'reboot-refused'],
    ['a cordoned one', aMember(), [aNode('w1', { cordoned: true })], undefined],
    ['one that is not Ready anyway', aMember(), [aNode('w1', { ready: false })], undefined],
    ['one that the cluster does not know', aMember(), [aNode('w2')], undefined],
    ['an agent that does not run', aMember({ active: false }), [aNode('w1')], undefined],
    ['the server', aMember({ role: 'server' }), [aNode('w1')], 'reboot-refused'],
    ['a cordoned server', aMember({ role: 'server' }), [aNode('w1', { cordoned: true })], 'reboot-refused'],
  ])('%s → %s', (_, member, nodes, code) => {
    const { failed, changes } = plan({}, { member, nodes })
    expect(failed?.code).toBe(code)
    expect(changes).toHaveLength(code === undefined ? 1 : 0)
    if (failed) expect(failed.hint).toMatch(/\w/)
  })
  it('force does not reboot a node in service', () => {
    expect(plan({ force: true }, { member: aMember(), nodes: [aNode('w1')] }).failed?.code).toBe('reboot-refused')
  })
  it('the server, when that is all right', () => {
    const host = { member: aMember({ role: 'server' }), nodes: [aNode('w1')] }
    expect(plan({ allow_server: true }, host).changes).toHaveLength(1)
  })
  it('an agent whose server nobody names is not rebooted', () => {
    expect(plan({}, { member: aMember() }, { host: 'w1', groups: {} }).failed?.code).toBe('k3s-no-server')
  })
})

describe('after it', () => {
  const later = { ...aBoot, bootId: '11111111-2222-3333-4444-555555555555', clock: 3000, bootedAt: 2990 }
  const back = (args: object, now = later, seen: object = {}, more: Answers = []) =>
    lookWith(plan(args), seen, [says(boot(), now), ...more])
  const test = (rc: number) => {
    const result = { rc, stdout: Buffer.from(''), stderr: Buffer.from(''), begun: 0, ended: 0 }
    return [[runReadonly({ text: 'true' }), result]] as unknown as Answers
  }
  it('a new boot is the end of it', () => {
    expect(back({}, later, { elapsed: 21.7 })).toEqual({ done: true, result: { rebooted: true, elapsed: 22 } })
  })
  it('the old one is not', () => expect(back({}, aBoot)).toEqual({ waiting: 'the host to go down' }))
  it('nor is a boot younger than wished', () => {
    expect(back({ post_reboot_delay: 11 })).toHaveProperty('waiting')
    expect(back({ post_reboot_delay: 10 })).toHaveProperty('done')
  })
  it('nor one whose test fails', () => {
    expect(back({ test_command: 'true' }, later, {}, test(1))).toHaveProperty('waiting')
    expect(back({ test_command: 'true' }, later, {}, test(0))).toHaveProperty('done')
  })
  it('the last look says why', () => {
    expect(() => back({}, aBoot, { last: true })).toThrow(/still runs its old boot/)
    expect(() => back({ test_command: 'true' }, later, { last: true }, test(1))).toThrow(/exits 1/)
  })
  it('waiting survives the lost connection', () => expect(plan({}).settle?.reconnects).toBe(true))
})
