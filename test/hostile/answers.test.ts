import { mkdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../../src/core/diagnostic.ts'
import type { Section } from '../../src/core/section.ts'
import { userState } from '../../src/questions/account.ts'
import { fileText } from '../../src/questions/file.ts'
import { fileTree } from '../../src/questions/file-tree.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { packageState } from '../../src/questions/package.ts'
import { unitState } from '../../src/questions/unit.ts'
import { ask, inFolder } from '../changes/law.ts'
import { asked } from '../chaos/fuzz/asked.ts'
import { section } from '../questions/section.ts'
import { runScript, shells } from '../questions/shells.ts'
import { effort } from './strings.ts'

const sequence = '\x1b[2J\x1b]0;owned\x07'
/** A name that is no UTF-8, one with an sequence, one of lines. */
const names = [
  Buffer.from([0x66, 0xff, 0xfe]),
  Buffer.from(`e${sequence}`),
  Buffer.from('l\n@\n= -\nl'),
  Buffer.from('-r\r'),
]

describe.each(shells.map(shell => [shell.join(' '), shell] as const))(
  'files as others name and fill them, in %s',
  (_, shell) => {
    test('a folder tells those that have names, each once', () => {
      inFolder(folder => {
        for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), 'x')
        const paths = ask(shell, fileTree(folder)).map(({ path }) => path)
        expect(paths.sort()).toEqual([folder, ...names.slice(1).map(name => `${folder}/${name}`)].sort())
      })
    })
    test('a content is what it is, text only where it is UTF-8', () => {
      inFolder(folder => {
        const contents = [
          Buffer.from([0xff, 0x00, 0x80]),
          Buffer.from(sequence),
          Buffer.from('a\r\n\0@\n'),
          Buffer.from('\ufeff\ufffd'),
        ]
        mkdirSync(`${folder}/l\n@`)
        for (const [i, content] of contents.entries()) {
          writeFileSync(`${folder}/l\n@/${i}`, content)
          const { bytes, text } = ask(shell, fileText(`${folder}/l\n@/${i}`))
          expect(Buffer.from(bytes!).equals(content)).toBe(true)
          expect(text).toBe(i === 0 ? undefined : content.toString())
        }
      })
    })
  },
)

const passwd = (gecos: string) => `eve:x:1000:1000:${gecos}:/home/eve:/bin/sh\n`
const parse = <Ans>(question: { kind: string; arg: unknown }, answer: Section) =>
  questionKinds.find(({ kind }) => kind === question.kind)!.parse(answer, [question.arg])[0] as Ans

describe('words of others in answers', () => {
  test.each([sequence, 'é\u202e', 'a, b & c', '\r'])('a gecos of %j is a comment', gecos => {
    // The fields that stand around the bases are those of a host with useradd.
    const real = runScript(shells[0]!, questionKinds.find(({ kind }) => kind === 'user')!.sh([userState('root').arg]))
    const said = real.stdout.toString().replace(/root:[^\n]*\n/, passwd(gecos))
    expect(parse(userState('eve'), section(said))).toMatchObject({ exists: true, comment: gecos, home: '/home/eve' })
  })
  test('a version is a version, whatever stands in it', () => {
    const said = `x\tall\t1${sequence}\tinstall ok installed\t\n\0\0`
    expect(parse(packageState('x'), section(said))).toMatchObject({ installed: true, version: `1${sequence}` })
  })
  test.each(['Result=a\x1b[2J', 'Description=x\nLoadState=masked', 'FragmentPath=/a=b\r'])('a unit with %j', line => {
    const answer = parse<{ name: string }>(unitState('x'), section(`LoadState=loaded\nActiveState=active\n${line}\n`))
    expect(answer.name).toBe('x.service')
  })
})

const noise = fc.constantFrom(
  ...[
    [0xff],
    [0xc3],
    [0],
    [10],
    [10, 10],
    [0x1b, 0x5b, 0x32, 0x4a],
    [13, 10],
    [0xed, 0xa0, 0x80],
    [0x40, 10],
    [0x3d, 10],
  ],
)

describe('an answer with other bytes in it is read, or refused with a word', () => {
  test.each(asked.map(one => [one.questions[0].kind, one] as const))('%s', (name, { questions, answer }) => {
    const kind = questionKinds.find(one => one.kind === name)!
    const args = questions.map(question => question.arg)
    const real = answer ?? runScript(shells[0]!, kind.sh(args))
    const places = fc.array(fc.tuple(fc.nat(real.stdout.length), noise), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(places, changed => {
        const parts = [...changed].sort(([a], [b]) => b - a)
        const stdout = parts.reduce<Uint8Array>(
          (all, [at, bytes]) => Buffer.concat([all.subarray(0, at), Buffer.from(bytes), all.subarray(at)]),
          real.stdout,
        )
        try {
          expect(kind.parse({ ...real, stdout }, args)).toHaveLength(args.length)
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          expect(error.diagnostic.message).not.toBe('')
        }
      }),
      { numRuns: 100 * effort },
    )
  })
})
