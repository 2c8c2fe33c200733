import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printBytes } from '../../src/core/sh.ts'
import { FrameReader } from '../../src/transport/frame-reader.ts'
import { frameText, type Mark, newMark } from '../../src/transport/frame-text.ts'
import { MarkedOutput } from '../../src/transport/marked-output.ts'
import { shells } from './shells.ts'

const mark = newMark()
const word = mark.bytes.toString()

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
}

// Outputs that look nearly like a mark, whole and in part, as well as any bytes.
const nearly = fc.constantFrom(word.slice(0, -1), word.slice(1), word.slice(0, 5), '0\n', '\n', word.slice(0, 31))
const output = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      nearly.map(text => Buffer.from(text)),
    ),
    { maxLength: 6 },
  )
  .map(parts => Buffer.concat(parts))
  .filter(bytes => !bytes.includes(mark.bytes))

describe('marked output', () => {
  test('the same pieces, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ output, code: fc.integer({ min: 0, max: 255 }) }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (sections, places) => {
          // Two outputs that meet must not make a mark between them by accident.
          const stream = Buffer.concat(sections.flatMap(s => [s.output, Buffer.from(`${word}${s.code}\n`)]))
          const reader = new MarkedOutput(mark.bytes, 1 << 20)
          const pieces = cut(stream, places).flatMap(chunk => reader.push(chunk))
          expect(pieces.map(piece => piece.code)).toEqual(sections.map(s => String(s.code)))
          pieces.forEach((piece, i) => {
            expect(piece.bytes.equals(sections[i]!.output)).toBe(true)
            expect(piece.truncated).toBe(false)
          })
        },
      ),
    )
  })

  test('keeps what the limit allows, and says so', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), fc.array(fc.nat()), (bytes, limit, places) => {
        const stream = Buffer.concat([Buffer.from(bytes), Buffer.from(`${word}0\nab${word}7\n`)])
        const reader = new MarkedOutput(mark.bytes, limit)
        const pieces = cut(stream, places).flatMap(chunk => reader.push(chunk))
        expect(pieces.map(piece => piece.code)).toEqual(['0', '7'])
        expect(pieces[0]!.bytes.equals(Buffer.from(bytes.slice(0, limit)))).toBe(true)
        expect(pieces[0]!.truncated).toBe(bytes.length > limit)
        expect(pieces[1]!.truncated).toBe(limit < 2)
      }),
    )
  })

  test('a flood costs neither time nor memory', () => {
    const reader = new MarkedOutput(mark.bytes, 1000)
    const chunk = Buffer.alloc(1 << 16, 'x')
    for (let i = 0; i < 4000; i++) reader.push(chunk)
    const [piece] = reader.push(Buffer.from(`${word}0\n`))
    expect(piece).toMatchObject({ truncated: true, code: '0' })
    expect(piece!.bytes.length).toBe(1000)
  })

  test.each(['x\n', '\n', '1234\n', '-1\n', '99999999999', 'end of it\n'])(
    'a mark with the code %j is garbage',
    code => {
      expect(() => new MarkedOutput(mark.bytes, 10).push(Buffer.from(word + code))).toThrow(RangeError)
    },
  )

  test('garbage between the two outputs', () => {
    const differing = new FrameReader(mark, 100)
    differing.push('stdout', Buffer.from(`${word}0\n${word}end\n`))
    expect(differing.push('stderr', Buffer.from(`${word}1\n${word}end\n`))).toBe(true)
    expect(() => differing.sections()).toThrow(/exit codes 0 and 1/)
    const missing = new FrameReader(mark, 100)
    missing.push('stdout', Buffer.from(`${word}0\n${word}end\n`))
    missing.push('stderr', Buffer.from(`${word}end\n`))
    expect(() => missing.sections()).toThrow(/differ in length/)
  })
})

interface Answer {
  readonly sections: readonly (readonly [number, string, string])[]
  readonly ended: boolean
}

function run(shell: readonly string[], scripts: readonly string[], stop = false): Answer {
  const mark: Mark = newMark()
  const [program, ...args] = shell as [string, ...string[]]
  const { stdout, stderr } = spawnSync(program, args, { input: frameText(scripts, mark, stop), timeout: 10_000 })
  const reader = new FrameReader(mark, 1 << 20)
  const ended = [reader.push('stdout', stdout), reader.push('stderr', stderr)].includes(true)
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
  return { sections: reader.sections().map(s => [s.code, text(s.stdout), text(s.stderr)] as const), ended }
}

describe.each(shells)('a frame in %s', (_name, shell) => {
  test.each<[string, string, number, string]>([
    ['nothing', '', 0, ''],
    ['a comment at the end', 'echo a # b', 0, 'a\n'],
    ['quotes', `echo 'it'"'"'s' "a'b" \\'`, 0, "it's a'b '\n"],
    ['set -e', 'false; echo no', 1, ''],
    ['set -e in a function', 'f() { false; echo no; }; f; echo no', 1, ''],
    ['a tested failure', 'false || echo yes', 0, 'yes\n'],
    ['exit', 'exit 7', 7, ''],
    ['a trap at the exit', "trap 'echo bye' EXIT; echo hi; exit 3", 3, 'hi\nbye\n'],
    ['input', 'cat; echo done', 0, 'done\n'],
    ['a here-document', 'cat <<"E"\na $b\nE', 0, 'a $b\n'],
    ['a case', 'case x in x) echo y;; esac', 0, 'y\n'],
    ['lines', 'for i in 1 2\ndo\n  echo $i\ndone', 0, '1\n2\n'],
    ['no newline at the end', 'printf a', 0, 'a'],
    ['a signal', "sh -c 'kill -9 $$'", 137, ''],
    [
      'every byte',
      printBytes(Uint8Array.from({ length: 256 }, (_, i) => i)),
      0,
      String.fromCharCode(...Array(256).keys()),
    ],
  ])('%s', (_what, script, code, stdout) => {
    const { sections, ended } = run(shell, ['echo before', script, 'echo after'])
    expect(ended).toBe(true)
    expect(sections[0]).toEqual([0, 'before\n', ''])
    expect(sections[1]!.slice(0, 2)).toEqual([code, stdout])
    expect(sections[2]).toEqual([0, 'after\n', ''])
  })

  test.each([
    'echo "x',
    "echo 'x",
    'if true; then echo x',
    '( echo x',
    'echo x )',
    'echo ${x',
    'echo $(',
    'done',
    'f() {',
  ])('a syntax error stays in its section, and none of it runs: %s', bad => {
    const { sections, ended } = run(shell, [`echo ran >&2; ${bad}`, 'echo after'])
    expect(ended).toBe(true)
    expect(sections[0]![0]).not.toBe(0)
    expect(sections[0]![2]).not.toContain('ran\n')
    expect(sections[0]![2]).not.toBe('')
    expect(sections[1]).toEqual([0, 'after\n', ''])
  })

  test('a surplus brace stays in its section', () => {
    const { sections, ended } = run(shell, ['echo a\n}', 'echo after'])
    expect(ended).toBe(true)
    expect(sections[0]![0]).not.toBe(0)
    expect(sections[1]).toEqual([0, 'after\n', ''])
  })

  test('stops at the first failure when told so', () => {
    const scripts = ['echo 1', 'echo 2; false', 'echo 3']
    expect(run(shell, scripts, true).sections.map(s => s[1])).toEqual(['1\n', '2\n'])
    expect(run(shell, scripts, true).ended).toBe(true)
    expect(run(shell, scripts).sections.map(s => s[1])).toEqual(['1\n', '2\n', '3\n'])
    expect(run(shell, ['echo 1', 'echo 2', 'echo 3'], true).sections).toHaveLength(3)
  })

  test('sections share no variables, folders or options', () => {
    const { sections } = run(shell, ['x=1; cd /; set -f; umask 077', 'echo "${x-none}"; umask; echo /et[c]'])
    expect(sections[1]![1]).toMatch(/^none\n0022\n\/etc\n$/)
  })

  test('tracing a script cannot forge a mark', () => {
    const { sections } = run(shell, ['set -xv; echo a', 'echo b'])
    expect(sections.map(s => s[1])).toEqual(['a\n', 'b\n'])
  })

  test('a frame that is cut while it is sent runs nothing', () => {
    const text = frameText(['echo ran', 'echo ran'], newMark(), false)
    for (const share of [0.3, 0.6, 0.95]) {
      const input = text.slice(0, Math.floor(text.length * share))
      const [program, ...args] = shell as [string, ...string[]]
      expect(spawnSync(program, args, { input, timeout: 10_000 }).stdout.toString()).toBe('')
    }
  })
})

test('a script with a NUL byte is our own mistake', () => {
  expect(() => frameText(['a\0b'], newMark(), false)).toThrow(RangeError)
})
