import { execFileSync } from 'node:child_process'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { containsSecret, join, mask, maskedJson, Secret } from '../../src/core/secret.ts'
import { printBytes, quote } from '../../src/core/sh.ts'

const runs = Number(process.env.PITOOL_HOSTILE_RUNS ?? 25)
// Long enough that what is found is no accident.
const texts = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter(text => text.trim().length >= 8)

describe('a secret is shown nowhere', () => {
  const secret = new Secret('canary "quoted" $and more')
  test.each([
    ['printed', String(secret)],
    ['joined', `x${secret}`],
    ['as JSON', JSON.stringify({ secret })],
    ['inspected', inspect({ secret }, { depth: 9, showHidden: true })],
    ['added', `${secret as unknown as string}`],
    ['in an error', new Error(`no ${secret}`).message],
  ])('%s', (_, text) => {
    expect(text).toContain('<secret>')
    expect(text).not.toContain('canary')
  })

  test('what is made of one is one', () => {
    expect(containsSecret({ a: [join(['a', secret])] })).toBe(true)
    expect(containsSecret(secret.map(text => text.slice(1)))).toBe(true)
    expect(mask(secret.map(text => `<${text}>`).reveal())).toBe('<secret>')
  })
})

/** Each turns a text into what a program may make of it. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  'as it is': text => text,
  'between other text': text => `before ${text} after`,
  'as JSON': text => JSON.stringify({ text }),
  'as JSON in JSON': text => JSON.stringify(JSON.stringify({ text })),
  'in a URL': text => `https://host/?q=${encodeURIComponent(text)}&x=1`,
  'in a form': text => new URLSearchParams({ text }).toString(),
  'in base64': text => Buffer.from(text).toString('base64'),
  'in base64url': text => Buffer.from(text).toString('base64url'),
  'in base64 after one byte': text => Buffer.from(`:${text}`).toString('base64'),
  'in base64 after two bytes': text => Buffer.from(`u:${text} more`).toString('base64'),
  'as basic authorisation': text => `Basic ${Buffer.from(`user:${text}`).toString('base64')}`,
  'in hexadecimal': text => Buffer.from(text).toString('hex'),
  'quoted for a shell': text => (text.includes('\0') ? text : `echo ${quote(text)}`),
  'as our printf has it': text => printBytes(text),
  'as an environment line': text => `TOKEN=${text}`,
  'in a diff': text => `-old\n+key: ${text}\n`,
}

describe('what a host says of it is masked', () => {
  test.each(Object.entries(forms))('%s', (name, form) => {
    const property = fc.property(texts, text => {
      new Secret(text)
      const said = mask(form(text))
      expect(said).not.toContain(text)
      expect(said).toContain('<secret>')
      // In base64 a byte or two at each end depend on what stands beside; the rest must be gone.
      if (name.includes('base64') || name.includes('authorisation')) {
        const left = Buffer.from(said.replace('Basic ', '').replaceAll('<secret>', ''), 'base64')
        expect(left.length).toBeLessThan(16)
      }
    })
    fc.assert(property, { numRuns: runs })
  })

  test('of several lines, line by line, also with carriage returns and indented', () => {
    const key = new Secret('-----BEGIN KEY-----\nAbCdEfGh1234\n  IjKlMnOp5678\n-----END KEY-----\n')
    for (const line of ['AbCdEfGh1234', 'IjKlMnOp5678']) {
      for (const text of [line, `  ${line}\r\n`, `log: ${line}`, JSON.stringify({ out: [line] })])
        expect(mask(text)).not.toContain(line)
    }
    expect(mask(JSON.stringify({ key: key.reveal() }))).toBe('{"key":"<secret>"}')
  })

  test('by what a real shell makes of it', () => {
    const hard = `it's "$(not) \`run\` 100% \\ done`
    new Secret(hard)
    const said = execFileSync(
      'bash',
      ['-c', 'printf "%q\\n" "$1"; set -x; : "$1"; printf "%s" "$1" | base64 -w0', 'x', hard],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    expect(mask(said).match(/<secret>/g)).toHaveLength(2)
  })

  test('a JSON stays a JSON, whatever the secret is', () => {
    const property = fc.property(texts, fc.dictionary(fc.string(), fc.string()), (text, more) => {
      new Secret(text)
      const json = maskedJson({ ...more, text: `<${text}>`, [text]: 1 })
      expect(JSON.stringify(JSON.parse(json))).not.toContain(JSON.stringify(text).slice(1, -1))
    })
    fc.assert(property, { numRuns: runs })
  })

  test('short ones, and what is no secret, stay', () => {
    new Secret('abc')
    new Secret('')
    expect(mask('abc and all the rest')).toBe('abc and all the rest')
  })
})
