import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitWords } from '../../src/modules/commands/words.ts'
import { editBlock } from '../../src/modules/files/block.ts'
import { editKeys, readKey } from '../../src/modules/files/keys.ts'
import { editLines, type LineWish } from '../../src/modules/files/lines.ts'
import { resolveMode } from '../../src/modules/files/mode.ts'
import { editHosts } from '../../src/modules/hostname.ts'
import { substitute } from '../../src/modules/replace.ts'
import { editSysctl } from '../../src/modules/sysctl.ts'

const line = (wish: Partial<LineWish>): LineWish => ({ state: 'present', backrefs: false, firstmatch: false, ...wish })

describe('lineinfile, as Ansible does it', () => {
  it.each<[string, string, Partial<LineWish>, string]>([
    ['at the end', 'a\n', { line: 'x' }, 'a\nx\n'],
    ['after a last line without newline', 'a', { line: 'x' }, 'a\nx\n'],
    ['into an empty file', '', { line: 'x' }, 'x\n'],
    ['there already', 'x\na\n', { line: 'x' }, 'x\na\n'],
    ['the last match is replaced', 'k=1\nk=2\n', { regexp: '^k=', line: 'k=3' }, 'k=1\nk=3\n'],
    ['the first match is replaced', 'k=1\nk=2\n', { regexp: '^k=', line: 'k=3', firstmatch: true }, 'k=3\nk=2\n'],
    ['$ stands before the newline', 'k\nkk\n', { regexp: '^k$', line: 'j' }, 'j\nkk\n'],
    ['no match: added', 'a\n', { regexp: '^k=', line: 'k=3' }, 'a\nk=3\n'],
    ['no match but the line itself', 'k=3\na\n', { regexp: '^z', line: 'k=3' }, 'k=3\na\n'],
    ['by plain text', 'a.c\nabc\n', { search_string: 'a.c', line: 'x' }, 'x\nabc\n'],
    ['after the last anchor', 'a\nb\na\nc\n', { line: 'x', insertafter: '^a' }, 'a\nb\na\nx\nc\n'],
    ['after the first anchor', 'a\nb\na\nc\n', { line: 'x', insertafter: '^a', firstmatch: true }, 'a\nx\nb\na\nc\n'],
    ['after an anchor that ends the file', 'a\nb', { line: 'x', insertafter: '^b' }, 'a\nb\nx\n'],
    ['after no anchor: at the end', 'a\n', { line: 'x', insertafter: '^z' }, 'a\nx\n'],
    ['before the anchor', 'a\nb\n', { line: 'x', insertbefore: '^b' }, 'a\nx\nb\n'],
    ['at the beginning', 'a\n', { line: 'x', insertbefore: 'BOF' }, 'x\na\n'],
    ['groups', 'port 22\n', { regexp: '^(port) (\\d+)$', line: '\\1 2\\2', backrefs: true }, 'port 222\n'],
    ['groups by name', 'port 22\n', { regexp: '^(?P<k>\\w+) ', line: '\\g<k>=1', backrefs: true }, 'port=1\n'],
    ['groups without a match', 'a\n', { regexp: '^(z)', line: '\\1', backrefs: true }, 'a\n'],
    ['case ignored', 'PORT 1\n', { regexp: '(?i)^port', line: 'port 2' }, 'port 2\n'],
    ['absent: all matches', 'k=1\na\nk=2\n', { state: 'absent', regexp: '^k=' }, 'a\n'],
    ['absent: the line itself', 'a\nb\n', { state: 'absent', line: 'a' }, 'b\n'],
    ['absent: all of it', 'a\n', { state: 'absent', line: 'a' }, ''],
  ])('%s', (_, text, wish, after) => {
    expect(editLines(text, line(wish)).text).toBe(after)
  })

  it('a second time changes nothing', () => {
    const word = fc.stringMatching(/^[a-c=]{0,4}$/)
    const anchor = fc.constantFrom(undefined, 'BOF', 'EOF', '^a', 'b$')
    fc.assert(
      fc.property(fc.array(word), word, anchor, fc.boolean(), (lines, wanted, where, before) => {
        const wish = line({ line: wanted, ...(before ? { insertbefore: where } : { insertafter: where }) })
        const once = editLines(lines.join('\n'), wish).text
        expect(editLines(once, wish).text).toBe(once)
        expect(once.split('\n')).toContain(wanted)
      }),
    )
  })
})

describe('modes', () => {
  it.each([
    ['644', undefined, false, '0644'],
    ['4755', '0600', false, '4755'],
    ['u=rw,g=r,o=', '0777', false, '0640'],
    ['a+X', '0644', false, '0644'],
    ['a+X', '0744', false, '0755'],
    ['u=rwX,go=rX', '0700', true, '0755'],
    ['+x', '0644', false, '0755'],
    ['g-w,o-rwx', '0777', false, '0750'],
    ['u+s,g+s', '0755', false, '6755'],
    ['g=u', '0740', false, '0770'],
    ['o+t', '0777', true, '1777'],
    ['g=rx', '2775', true, '2755'],
    ['u=rw', undefined, false, '0644'],
  ] as const)('%s of %s', (wish, now, isFolder, mode) => {
    expect(resolveMode(wish, now, isFolder)).toBe(mode)
  })
})

describe('blockinfile', () => {
  const wish = {
    state: 'present',
    block: 'x\ny\n',
    marker: '# {mark}',
    marker_begin: 'BEGIN',
    marker_end: 'END',
    prepend_newline: false,
    append_newline: false,
  } as const
  it.each([
    ['at the end', 'a\n', {}, 'a\n# BEGIN\nx\ny\n# END\n'],
    ['instead of the old one', 'a\n# BEGIN\nold\n# END\nb\n', {}, 'a\n# BEGIN\nx\ny\n# END\nb\n'],
    ['as it is', '# BEGIN\nx\ny\n# END\n', {}, '# BEGIN\nx\ny\n# END\n'],
    ['after an anchor', 'a\nb\n', { insertafter: '^a' }, 'a\n# BEGIN\nx\ny\n# END\nb\n'],
    [
      'with empty lines around',
      'a\nb\n',
      { insertafter: '^a', prepend_newline: true, append_newline: true },
      'a\n\n# BEGIN\nx\ny\n# END\n\nb\n',
    ],
    ['gone', 'a\n# BEGIN\nold\n# END\nb\n', { state: 'absent' }, 'a\nb\n'],
    ['gone, all of it', '# BEGIN\nold\n# END\n', { state: 'absent' }, ''],
    ['gone already, the last newline missing', 'a', { state: 'absent' }, 'a'],
  ] as const)('%s', (_, text, more, after) => {
    expect(editBlock(text, { ...wish, ...more }).text).toBe(after)
    expect(editBlock(after, { ...wish, ...more }).text).toBe(after)
  })
})

describe('replace', () => {
  it.each([
    ['all of them', 'a1 a2', { regexp: 'a(\\d)', replace: 'b\\1' }, 'b1 b2'],
    ['each line', 'a\nab\n', { regexp: '^a$', replace: 'x' }, 'x\nab\n'],
    ['behind a mark only', 'a [m] a', { regexp: 'a', replace: 'x', after: '\\[m\\]' }, 'a [m] x'],
    ['before a mark only', 'a [m] a', { regexp: 'a', replace: 'x', before: '\\[m\\]' }, 'x [m] a'],
    ['no mark', 'a', { regexp: 'a', replace: 'x', after: 'z' }, 'a'],
  ])('%s', (_, text, wish, after) => {
    expect(substitute(text, wish).text).toBe(after)
  })
})

describe('authorized keys', () => {
  const a = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA a@x'
  const b = 'from="10.0.0.1 x",no-pty ecdsa-sha2-nistp256 AAAAE2VjZHNh b c'
  const wish = { state: 'present', exclusive: false } as const
  it('reads options and comments', () => {
    expect(readKey(b)).toEqual({
      options: 'from="10.0.0.1 x",no-pty',
      type: 'ecdsa-sha2-nistp256',
      blob: 'AAAAE2VjZHNh',
      comment: 'b c',
    })
    expect(readKey('-----BEGIN OPENSSH PRIVATE KEY-----')).toBeUndefined()
  })
  it.each([
    ['added', '# mine\n', { keys: [a] }, `# mine\n${a}\n`],
    ['there, under another comment', `${a} other\n`, { keys: [a] }, `${a} other\n`],
    ['there twice', `${a}\n${a}\n`, { keys: [a] }, `${a}\n`],
    ['others go', `${b}\n# x\n`, { keys: [a], exclusive: true }, `${a}\n`],
    ['removed', `${a}\n${b}\n`, { keys: [a], state: 'absent' as const }, `${b}\n`],
    ['options set', `${a}\n`, { keys: [a], key_options: 'no-pty' }, `no-pty ${a}\n`],
    ['only the last newline missing', a, { keys: [a] }, a],
  ])('%s', (_, text, more, after) => {
    expect(editKeys(text, { ...wish, ...more })).toBe(after)
  })
})

describe('the rest', () => {
  it.each([
    ['a  b', ['a', 'b']],
    [`a 'b c' "d \\" e" f\\ g`, ['a', 'b c', 'd " e', 'f g']],
    [`x=''y`, ['x=y']],
    [`''`, ['']],
    [`a 'b`, undefined],
  ])('words of %s', (text, words) => expect(splitWords(text)).toEqual(words))

  it.each([
    ['127.0.0.1\tlocalhost\n127.0.1.1\told\n', 'pi', '127.0.0.1\tlocalhost\n127.0.1.1\tpi\n'],
    ['127.0.0.1 localhost\n::1 localhost\n', 'pi', '127.0.0.1 localhost\n127.0.1.1\tpi\n::1 localhost\n'],
    ['127.0.0.1 localhost pi\n', 'pi', '127.0.0.1 localhost pi\n'],
    ['127.0.1.1 a.example a\n', 'pi.example', '127.0.1.1\tpi.example pi\n'],
  ])('hosts %j', (text, name, after) => {
    expect(editHosts(text, name)).toBe(after)
    expect(editHosts(after, name)).toBe(after)
  })

  it.each([
    ['', 'vm.swappiness', '1', 'vm.swappiness = 1\n'],
    ['# x\nvm.swappiness=60\n', 'vm.swappiness', '1', '# x\nvm.swappiness = 1\n'],
    ['vm/swappiness=1\n', 'vm.swappiness', '1', 'vm/swappiness=1\n'],
    ['vm.swappiness=2\na.b=1\nvm.swappiness=3\n', 'vm.swappiness', '1', 'a.b=1\nvm.swappiness = 1\n'],
    ['vm.swappiness=2\n', 'vm.swappiness', undefined, ''],
  ])('sysctl %j', (text, name, value, after) => {
    expect(editSysctl(text, name, value)).toBe(after)
  })
})
