import { describe, expect, it } from 'vitest'
import { Shadow } from '../../../src/core/shadow.ts'
import { Unknown } from '../../../src/core/unknown.ts'
import { agentUnitPath, k3sMemberKind } from '../../../src/questions/k3s/member.ts'
import { section } from '../section.ts'
import { runScript, shells } from '../shells.ts'

const parse = (...lines: string[]) => k3sMemberKind.parse(section(`${lines.join('\n')}\n`), [null])[0]!
const head = ['agent', 'yes', 'Pi5-Worker-1.lan', 'aarch64'] as const

describe('the name of a Node', () => {
  it.each([
    [[], 'pi5-worker-1'],
    [["exec ExecStart=/usr/local/bin/k3s agent '--node-name' 'Other'"], 'other'],
    [['exec ExecStart=/usr/local/bin/k3s agent --node-name=one --node-name two'], 'two'],
    [['config from-config # its name'], 'from-config'],
    [['config "quoted"'], 'quoted'],
    [['config a', 'config b'], 'b'],
    [['config a', 'exec ExecStart=/usr/local/bin/k3s agent --node-name c'], 'c'],
    [['exec ExecStart=/usr/local/bin/k3s agent --node-ip 10.0.0.1'], 'pi5-worker-1'],
  ])('%j → %s', (lines, name) => {
    expect(parse(...head, ...lines).node).toBe(name)
  })
})

describe('under the shadow', () => {
  const planned = new Shadow()
  planned.files.set(agentUnitPath, { type: 'file', text: '' })
  it('an agent that is only planned has no Node yet', () => {
    expect(k3sMemberKind.predict?.(planned, null, parse('none', 'no', 'pi', 'aarch64'))).toBeInstanceOf(Unknown)
  })
  it('one that runs already has', () => {
    expect(k3sMemberKind.predict?.(planned, null, parse(...head))).toMatchObject({ node: 'pi5-worker-1' })
  })
  it('a planned hostname names the Node', () => {
    const shadow = new Shadow()
    shadow.values.set('hostname', 'New')
    expect(k3sMemberKind.predict?.(shadow, null, parse('none', 'no', 'raspberrypi', 'aarch64'))).toMatchObject({
      node: 'new',
    })
    const named = parse(...head, 'config fixed')
    expect(k3sMemberKind.predict?.(shadow, null, named)).toMatchObject({ node: 'fixed' })
  })
})

it.each(['', 'Welcome', 'agent\nyes\n'])('refuses garbage: %j', text => {
  expect(() => k3sMemberKind.parse(section(text), [null])).toThrow(/k3s on this host/)
})

it.each(shells)('asks a host without k3s in %s %s', (...shell) => {
  const words = shell.filter((word): word is string => word !== undefined)
  const [answer] = k3sMemberKind.parse(runScript(words, k3sMemberKind.sh([null])), [null])
  expect(answer).toMatchObject({ role: 'none', active: false })
})
