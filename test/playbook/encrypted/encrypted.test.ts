import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { place } from '../../../src/core/span.ts'
import type { Node } from '../../../src/language/node.ts'
import type { Keys } from '../../../src/playbook/encrypted/keys.ts'
import { Problems } from '../../../src/playbook/problems.ts'
import { parseYaml } from '../../../src/playbook/yaml/parse-yaml.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
const identities = (name: string) =>
  fixture(name)
    .split('\n')
    .filter(line => line.startsWith('AGE-'))
    .map(line => new Secret(line))
const password = new Secret('test-vault-password')

function keys({ age = [], vault = [] }: { age?: readonly Secret[]; vault?: readonly Secret[] }): Keys {
  return { age: () => age, vault: () => vault }
}
const right = keys({ age: identities('age-test-key.txt'), vault: [new Secret('not this one'), password] })

/** What a text holds, secrets as `{ secret }`; or its mistakes. */
function read(text: string, opening: Keys = right): unknown {
  const problems = new Problems()
  const node = parseYaml({ file: 'f', text }, problems, opening)
  if (problems.size === 0) return node && plain(node)
  return problems.list.map(({ code, message, span }) => `${code} ${span ? place(span) : ''} ${message}`)
}

function plain(node: Node): unknown {
  if (node.kind === 'list') return node.items.map(plain)
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]))
  return node.value instanceof Secret ? { secret: node.value.reveal() } : node.value
}

const secret = (text: string) => ({ secret: text })

describe('a file that ansible-vault encrypted', () => {
  const content = {
    db_password: secret('canary vault $pecial "quotes" {{ not_a_template }}'),
    db_port: secret('5432'),
    debug: true,
    nothing: null,
    empty: '',
    list: [secret('first-vault-secret'), { second: secret('nested-vault-secret') }],
    multi: secret('line one of vault\nline two of vault\n'),
  }
  test.each(['whole-1.1.yml', 'whole-1.2.yml'])('%s is read, its texts and numbers secrets', name => {
    expect(read(fixture(name))).toEqual(content)
  })

  test('single values with !vault', () => {
    const values = { user: 'not-secret', inline_password: secret('inline canary'), labelled: secret('labelled canary') }
    expect(read(fixture('inline.yml'))).toEqual(values)
  })

  const whole = fixture('whole-1.2.yml')
  test.each([
    ['no password', whole, keys({}), "encrypted by ansible-vault with the label 'dev', and no password is known"],
    ['a wrong one', whole, keys({ vault: [new Secret('wrong')] }), 'the vault password does not open this'],
    [
      'two wrong ones',
      whole,
      keys({ vault: [new Secret('a'), new Secret('b')] }),
      'none of 2 vault passwords opens this',
    ],
    ['one digit changed', whole.replace(/..\n$/, last => (last === '31\n' ? '32\n' : '31\n')), right, 'opens this'],
    ['a line of it missing', whole.replace(/\n[0-9a-f]+\n$/, '\n'), right, 'opens this'],
    ['its beginning only', whole.slice(0, 200), right, 'this vault is damaged'],
    ['another cipher', whole.replace('AES256', 'AES'), right, 'a form that pitool does not read'],
    ['another version', whole.replace('1.2', '1.0'), right, 'a form that pitool does not read'],
  ])('%s: refused at its first line', (_, text, opening, said) => {
    expect(read(text, opening)).toEqual([expect.stringMatching(/^cannot-decrypt f:1:1 /)])
    expect(String(read(text, opening))).toContain(said)
  })

  test('a single value with a wrong password is told with its place', () => {
    const said = read(fixture('inline.yml'), keys({ vault: [new Secret('wrong')] }))
    expect(said).toEqual([
      expect.stringMatching(/^cannot-decrypt f:3:/),
      expect.stringMatching(/^cannot-decrypt f:\d+:/),
    ])
  })
})

describe('a file that SOPS encrypted with age', () => {
  const content = {
    db_password: secret('canary sops $pecial "quotes" {{ not_a_template }}'),
    port: secret('5432'),
    ratio: secret('0.25'),
    debug: true,
    nothing: null,
    empty: '',
    list: [secret('first-sops-secret'), { second: secret('nested-sops-secret') }],
    multi: secret('line one of sops\nline two of sops\n'),
    plain_unencrypted: 'in the open',
    count_unencrypted: 12,
    on_unencrypted: true,
  }
  test.each(['sops.yml', 'sops-mac-only-encrypted.yml', 'sops.json'])('%s is read, its MAC verified', name => {
    expect(read(fixture(name))).toEqual(content)
  })

  const text = fixture('sops.yml')
  const lines = text.split('\n')
  const line = (start: string) => lines.find(one => one.startsWith(start))!
  const swapped = text.replace('- ENC', '- X').replace(line('port:'), line('port:').replace('port', 'tmp'))
  test.each([
    ['no key', text, keys({}), '', 'no age key is known'],
    ['another key', text, keys({ age: identities('other-age-test-key.txt') }), '', 'your age key does not open it'],
    [
      'a plain value changed',
      text.replace('in the open', 'in the opening'),
      right,
      '',
      'its MAC is of another content',
    ],
    ['a plain value taken out', text.replace('on_unencrypted: true\n', ''), right, '', 'its MAC is of another content'],
    ['a plain value put in', `more: 1\n${text}`, right, '', 'its MAC is of another content'],
    ['an encrypted value in the open', text.replace(line('port:'), 'port: 1'), right, '', 'its MAC is of another'],
    ['an encrypted value taken out', text.replace(`${line('port:')}\n`, ''), right, '', 'its MAC is of another'],
    ['an encrypted value under another key', swapped, right, 'f:2:6', 'changed after SOPS encrypted it, or moved'],
    ['a value damaged', text.replace(/^(port: ENC\[AES256_GCM,data:)../m, '$1AA'), right, 'f:2:7', 'was changed after'],
    ['its type changed', text.replace('type:int', 'type:bool'), right, 'f:2:7', 'was changed after'],
    ['without MAC', text.replace(/^ {2}mac: .*\n/m, ''), right, '', 'has no MAC'],
    ['another date', text.replace('2026-01-01', '2026-01-02'), right, '', 'its MAC is of another content'],
    ['the data key damaged', text.replace('YWdl', 'YWdm'), right, '', 'data key is damaged'],
    [
      'for nobody with age',
      text.replace(/^ {2}age:[\s\S]*?(?= {2}lastmod)/m, ''),
      right,
      '',
      'not encrypted for any age recipient',
    ],
    ['its own part gone', text.slice(0, text.indexOf('sops:\n')), right, 'f:1:14', 'the `sops` part of the file'],
  ])('%s: refused', (_, tampered, opening, where, said) => {
    expect(tampered).not.toBe(opening === right ? text : '')
    expect(read(tampered, opening)).toEqual([expect.stringMatching(/^cannot-decrypt f:/)])
    expect(String(read(tampered, opening))).toContain(said)
    expect(String(read(tampered, opening))).toContain(where)
  })

  test('what is not authenticated where only encrypted values are: the MAC still is of all those', () => {
    const only = fixture('sops-mac-only-encrypted.yml')
    expect(read(only.replace('in the open', 'elsewhere'))).toMatchObject({ plain_unencrypted: 'elsewhere' })
    expect(read(only.replace(/^port: .*\n/m, ''))).toEqual([expect.stringContaining('its MAC is of another content')])
    expect(read(only.replace(/^ {2}mac_only_encrypted: true\n/m, ''))).toEqual([expect.stringContaining('its MAC')])
  })
})
