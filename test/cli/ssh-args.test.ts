import { describe, expect, it } from 'vitest'
import { type Hop, parseHop, withoutBrackets } from '../../src/cli/hop.ts'
import { readSshArgs, splitWords } from '../../src/cli/ssh-args.ts'

describe('options for ssh', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['-J a@b:22', ['-J', 'a@b:22']],
    ['-Jgate', ['-J', 'gate']],
    ['-o ProxyJump=gate -oPort=22', ['-o', 'ProxyJump=gate', '-o', 'Port=22']],
    [`-o ProxyCommand="ssh -W %h:%p gate"`, ['-o', 'ProxyCommand=ssh -W %h:%p gate']],
    [`-o 'ProxyCommand ssh -W "%h:%p" gate'`, ['-o', 'ProxyCommand ssh -W "%h:%p" gate']],
    ['-C -o ControlMaster=auto -o ControlPersist=60s', ['-C', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s']],
    ['-4qF file', ['-4', '-q', '-F', 'file']],
    ['-o StrictHostKeyChecking=accept-new', ['-o', 'StrictHostKeyChecking=accept-new']],
    ['-o ForwardAgent=no', ['-o', 'ForwardAgent=no']],
  ])('%s', (text, words) => {
    expect(readSshArgs(text, 'pi').words).toEqual(words)
  })

  it.each([
    ['-o StrictHostKeyChecking=no', /host keys are always compared/],
    ['-A', /never forwarded/],
    ['-o ForwardAgent=yes', /never forwarded/],
    ['-L 80:x:80', /no use/],
    ['-o LocalForward=80', /no use/],
    ['-c aes128-cbc', /chosen by pitool/],
    ['-b 127.0.0.1', /source address/],
    ['-J', /value is missing/],
    ['gate', /no option/],
    [`-J 'gate`, /quotation/],
  ])('%s is refused', (text, why) => {
    expect(() => readSshArgs(text, 'pi')).toThrow(why)
  })

  it('are split as a shell does it', () => {
    expect(splitWords(`a\\ b "c 'd' \\"e\\"" 'f "g"'h  i`)).toEqual(['a b', `c 'd' "e"`, 'f "g"h', 'i'])
    expect(splitWords('a "b')).toBeUndefined()
  })
})

describe('a jump host', () => {
  it.each<[string, Hop]>([
    ['gate', { address: 'gate' }],
    ['me@gate:2222', { user: 'me', address: 'gate', port: 2222 }],
    ['ssh://me@gate:2222', { user: 'me', address: 'gate', port: 2222 }],
    ['me@work@gate', { user: 'me@work', address: 'gate' }],
    ['[2001:db8::1]:22', { address: '2001:db8::1', port: 22 }],
    ['me@2001:db8::1', { user: 'me', address: '2001:db8::1' }],
    ['me@[fe80::1%eth0]', { user: 'me', address: 'fe80::1%eth0' }],
  ])('%s', (text, hop) => expect(parseHop(text, 'pi')).toEqual(hop))

  it.each(['', '-oProxyCommand=x', 'gate:0', 'gate:99999', 'a@', '[::1'])('%s is refused', text => {
    expect(() => parseHop(text, 'pi')).toThrow(/pi has a jump host/)
  })

  it.each([
    ['[::1]', '::1'],
    ['[fe80::1%eth0]', 'fe80::1%eth0'],
    ['::1', '::1'],
    ['pi', 'pi'],
  ])('brackets: %s', (text, plain) => expect(withoutBrackets(text)).toBe(plain))
})
