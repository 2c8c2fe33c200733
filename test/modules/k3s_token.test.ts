import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { agentEnvPath } from '../../src/modules/k3s/paths.ts'
import { k3sToken } from '../../src/modules/k3s_token.ts'
import { fileText } from '../../src/questions/file.ts'
import { k3sMember, type MemberAnswer } from '../../src/questions/k3s/member.ts'
import { clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { serverToken } from '../../src/questions/k3s/token.ts'
import { aFile, aMember, aNode, noFile } from './found.ts'
import { ctx, planWith, says, saysOn } from './plan-with.ts'

const caHash = '7ca6'.repeat(16)
const own = new Secret(`K10${caHash}::server:0123456789`)

interface Host {
  readonly member?: MemberAnswer
  readonly env?: string
  readonly nodes?: readonly string[]
  readonly makesTokens?: boolean
}

function plan(
  args: object,
  { member = aMember({ role: 'none', active: false }), env, nodes = ['srv'], makesTokens = true }: Host = {},
) {
  return planWith(k3sToken, args, [
    saysOn('srv', serverToken(), { token: own, caHash, version: 'v1.30.4+k3s1', makesTokens }),
    says(k3sMember(), member),
    says(fileText(agentEnvPath), env === undefined ? noFile(agentEnvPath) : aFile(agentEnvPath, env)),
    saysOn('srv', clusterNodes(), { clock: 1000, nodes: nodes.map(name => aNode(name)) }),
  ])
}
const member = aMember()
const joined = { member, env: "K3S_TOKEN='x'\n", nodes: ['srv', 'w1'] }

describe('k3s_token', () => {
  it('makes one on the server for a host that must join', () => {
    const { changes, later, result } = plan({})
    expect(changes).toMatchObject([{ kind: 'token.create', on: 'srv', ttl: '1h' }])
    expect(result).toMatchObject({ changed: true, kind: 'bootstrap', ca_hash: caHash })
    expect(result).not.toHaveProperty('token')
    const made = new Secret('abc123.0123456789abcdef')
    expect(later?.names).toEqual(['token'])
    expect(later?.from([{ token: made }])).toEqual({ token: made })
  })
  it('makes none for a host that has joined', () => {
    expect(plan({}, joined)).toMatchObject({
      changes: [],
      result: { changed: false, token: null, joined: true, kind: 'none' },
    })
  })
  it.each([
    ['its agent does not run', { ...joined, member: aMember({ active: false }) }],
    ['it has no token', { ...joined, env: "K3S_URL='x'\n" }],
    ['the cluster does not know it', { ...joined, nodes: ['srv'] }],
  ])('… unless %s', (_, host) => expect(plan({}, host).changes).toHaveLength(1))
  it("gives the server's own when told, or when its version cannot make one", () => {
    for (const { changes, result } of [plan({ kind: 'server' }), plan({}, { makesTokens: false })]) {
      expect(changes).toEqual([])
      expect(result).toMatchObject({ token: own, kind: 'server' })
    }
    expect(plan({ kind: 'bootstrap' }, { makesTokens: false }).failed?.code).toBe('unsupported')
  })
  it('is shown nowhere', () => expect(JSON.stringify(plan({ kind: 'server' }))).not.toContain('0123456789'))
  it('needs a server', () => {
    expect(planWith(k3sToken, {}, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
  })
})
