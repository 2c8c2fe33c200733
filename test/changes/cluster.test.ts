import { describe, expect, it } from 'vitest'
import { markSetKind, setMark } from '../../src/changes/mark-set.ts'
import { nmSetKind, setConnection } from '../../src/changes/nm-set.ts'
import { labelNode, nodeLabelKind } from '../../src/changes/node-label.ts'
import { rebootHost, rebootKind } from '../../src/changes/reboot.ts'
import { swapOff } from '../../src/changes/swap-off.ts'
import { createToken, tokenCreateKind } from '../../src/changes/token-create.ts'
import { Secret } from '../../src/core/secret.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { markKind, rebootRequired } from '../../src/questions/mark.ts'
import { section } from '../questions/section.ts'
import { shells } from '../questions/shells.ts'
import { carry } from './law.ts'

it.each(shells.map(shell => [shell.join(' '), shell] as const))(
  'swaps that are off already are no failure in %s',
  (_, shell) => {
    expect(carry(shell, swapOff(['/var/nowhere', "/dev/it's"])).section.code).toBe(0)
  },
)

describe('a new token', () => {
  const change = createToken('srv', '1h', 'for w1')
  const outcome = (text: string) => tokenCreateKind.outcome?.(section(text), change)
  it.each([
    `K10${'7ca6'.repeat(16)}::abc123.0123456789abcdef\n`,
    'abc123.0123456789abcdef\n',
    'a warning\nabc123.0123456789abcdef\n',
  ])('is a secret: %j', text => {
    const token = outcome(text)?.token
    expect(token).toBeInstanceOf(Secret)
    expect((token as Secret).reveal()).toBe(text.trim().split('\n').at(-1))
  })
  it.each(['', 'error', 'K10abc::server:x'])('is not taken from %j', text =>
    expect(() => outcome(text)).toThrow(/no token/),
  )
  it('is made on the server', () => expect(change.on).toBe('srv'))
})

describe('labels', () => {
  const change = labelNode({ on: 'srv', node: 'w1', set: { a: 'b', c: '' }, remove: ['d'], before: { a: 'x', d: 'y' } })
  it('are set and taken away in one command', () => {
    expect(nodeLabelKind.carry(change).script).toContain('kubectl label node w1 a=b c= d- --overwrite')
  })
  it('are shown with what they were', () => {
    expect(nodeLabelKind.diff(change).facets).toEqual([
      { name: 'a', before: 'x', after: 'b' },
      { name: 'c', before: '', after: '' },
      { name: 'd', before: 'y', after: '' },
    ])
  })
  it('of several plans add up in the prediction', () => {
    const shadow = new Shadow()
    nodeLabelKind.fold(shadow, change)
    nodeLabelKind.fold(shadow, { ...change, set: { e: 'f' }, remove: ['a'] })
    expect(shadow.values.get('node:w1:labels')).toEqual({ a: null, c: '', d: null, e: 'f' })
  })
  it('of a node that went meanwhile are a failure of their own', () => {
    const said = section('', 'Error from server (NotFound): nodes "w1" not found', 1)
    expect(nodeLabelKind.explain?.(said, change)?.code).toBe('node-not-found')
  })
})

describe('a change of the network', () => {
  const change = setConnection({
    uuid: '44ca5be5-0c60-4441-b1fa-b74359310770',
    name: "it's",
    device: 'eth0',
    settings: { 'ipv4.dns': '9.9.9.9' },
    before: { 'ipv4.dns': '1.1.1.1' },
  })
  const script = nmSetKind.carry(change).script
  it('is made under a checkpoint, which goes back at any failure', () => {
    const order = ['CheckpointCreate', 'CheckpointRollback', 'connection modify', 'device reapply', 'trap - EXIT']
    const places = order.map(part => script.indexOf(part))
    expect(places.every(place => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })
  it('is made only to what the plan saw', () => {
    expect(script.indexOf('1.1.1.1')).toBeGreaterThan(0)
    expect(script.indexOf('1.1.1.1')).toBeLessThan(script.indexOf('CheckpointCreate'))
    expect(nmSetKind.explain?.(section('', '', 91), change)?.code).toBe('changed-underneath')
  })
  it('stays only when the checkpoint is given up over a new connection', () => {
    const path = '/org/freedesktop/NetworkManager/Checkpoint/7'
    expect(nmSetKind.confirm?.(change, section(`${path}\n`))?.script).toContain(`CheckpointDestroy o ${path}`)
  })
})

describe('a planned reboot', () => {
  it('drops the marks of this boot from the prediction', () => {
    const shadow = new Shadow()
    shadow.values.set(`mark:${rebootRequired}`, { set: true, reasons: ['x'] })
    shadow.values.set('mark:/run/pitool/other', { set: true, reasons: ['x'] })
    rebootKind.fold(shadow, rebootHost({ message: 'm', reason: 'r' }))
    expect(markKind.predict?.(shadow, rebootRequired, undefined)).toEqual({ set: false, reasons: [] })
    expect(markKind.predict?.(shadow, '/run/pitool/asked-later', undefined)).toEqual({ set: false, reasons: [] })
    markSetKind.fold(shadow, setMark(rebootRequired, 'again'))
    expect(markKind.predict?.(shadow, rebootRequired, undefined)).toEqual({ set: true, reasons: ['again'] })
    expect(rebootKind.footprint(rebootHost({ message: 'm', reason: 'r' }))).toBe('all')
  })
})
