import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../src/core/diagnostic.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { type FileAnswer, type FileArg, file, fileDigest, fileStat, fileText } from '../../src/questions/file.ts'
import { fileTree, fileTreeKind } from '../../src/questions/file-tree.ts'
import { ask, askUnder, inFolder } from '../changes/law.ts'
import { runScript, shells } from './shells.ts'

const odd = [
  'a b',
  "it's",
  '"q"',
  'new\nline',
  'new\n\n',
  '-rf',
  '$(x)',
  '`x`',
  '*',
  'é',
  '%s',
  '\\n',
  '#',
  '~',
  'tab\there',
]

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  const all = (...questions: readonly { readonly arg: unknown }[]): readonly FileAnswer[] => {
    const args = questions.map(question => question.arg as FileArg)
    return file.parse(runScript(shell, file.sh(args)), args)
  }

  it('odd names, all at once, each with its own content', () => {
    inFolder(folder => {
      for (const name of odd) writeFileSync(`${folder}/${name}`, `content of ${name}\n`)
      const answers = all(...odd.map(name => fileText(`${folder}/${name}`)))
      expect(answers.map(answer => answer.text)).toEqual(odd.map(name => `content of ${name}\n`))
      expect(answers.map(answer => answer.real)).toEqual(odd.map(name => `${folder}/${name}`))
      const digests = all(...odd.map(name => fileDigest(`${folder}/${name}`)))
      expect(digests.map(answer => answer.digest)).toEqual(answers.map(answer => answer.digest))
      const tree = ask(shell, fileTree(folder))
      expect(tree.map(entry => entry.path).sort()).toEqual([folder, ...odd.map(name => `${folder}/${name}`)].sort())
    })
  })

  it('many at once, some of them missing, each its own', () => {
    inFolder(folder => {
      const names = Array.from({ length: 170 }, (_, i) => `${i}${odd[i % odd.length]}`)
      const isThere = (i: number) => i % 7 !== 0
      for (const [i, name] of names.entries()) if (isThere(i)) writeFileSync(`${folder}/${name}`, 'x'.repeat(i))
      const answers = all(...names.map(name => fileDigest(`${folder}/${name}`)))
      const size = (i: number) => (isThere(i) ? i : undefined)
      expect(answers.map(answer => answer.size)).toEqual(names.map((_, i) => size(i)))
      expect(new Set(answers.map(answer => answer.digest)).size).toBe(names.filter((_, i) => isThere(i)).length + 1)
    })
  })

  it('links that lead nowhere: below themselves, by way of folders and links, into what is not there', () => {
    inFolder(folder => {
      mkdirSync(`${folder}/real/deep`, { recursive: true })
      const links = {
        below: 'below/e',
        via: 'real',
        chain: 'via/deep/next',
        'real/deep/next': '../absent',
        lost: 'no/where',
      }
      for (const [name, target] of Object.entries(links)) symlinkSync(target, `${folder}/${name}`)
      const real = (name: string) => ask(shell, fileStat(`${folder}/${name}`)).real.replace(folder, '')
      expect(['below', 'chain', 'lost', 'via'].map(real)).toEqual(['/below', '/real/absent', '/lost', '/real'])
    })
  })
  it('links, to odd names, to nothing, in circles', () => {
    inFolder(folder => {
      mkdirSync(`${folder}/new\nline/deep`, { recursive: true })
      writeFileSync(`${folder}/new\nline/deep/x`, 'x')
      symlinkSync('new\nline/deep', `${folder}/l`)
      symlinkSync('nowhere', `${folder}/dangling`)
      symlinkSync('circle', `${folder}/circle`)
      const [through, itself, dangling, circle, named] = all(
        fileText(`${folder}/l/x`),
        fileStat(`${folder}/l`, { follow: false }),
        fileText(`${folder}/dangling`),
        fileText(`${folder}/circle`),
        fileStat(`${folder}/circle`, { follow: false }),
      )
      expect(through).toMatchObject({ type: 'file', text: 'x', real: `${folder}/new\nline/deep/x` })
      expect(itself).toMatchObject({ type: 'link', target: 'new\nline/deep', real: `${folder}/l` })
      expect(dangling).toMatchObject({ type: 'absent', target: 'nowhere', real: `${folder}/nowhere` })
      expect(circle).toMatchObject({ type: 'absent' })
      expect(named).toMatchObject({ type: 'link', target: 'circle' })
    })
  })

  it('pipes are never opened, folders never read, binaries are bytes', () => {
    inFolder(folder => {
      execFileSync('mkfifo', [`${folder}/pipe`])
      writeFileSync(`${folder}/bin`, Uint8Array.of(0, 255, 10, 0))
      writeFileSync(`${folder}/big`, 'x'.repeat(5000))
      writeFileSync(`${folder}/empty`, '')
      const [pipe, dir, bin, big, empty] = all(
        fileText(`${folder}/pipe`),
        fileText(folder),
        fileText(`${folder}/bin`),
        fileText(`${folder}/big`, { limit: 4999 }),
        fileText(`${folder}/empty`),
      )
      expect(pipe).toMatchObject({ type: 'other' })
      expect(dir).toMatchObject({ type: 'directory', mode: '0700' })
      expect(bin).toMatchObject({ type: 'file', size: 4, bytes: Buffer.from([0, 255, 10, 0]) })
      expect(bin?.text).toBeUndefined()
      expect(big).toMatchObject({ large: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
      expect(big?.bytes).toBeUndefined()
      expect(empty).toMatchObject({ text: '', digest: expect.stringMatching(/^e3b0c442/) })
    })
  })

  it('what is missing on the way', () => {
    inFolder(folder => {
      writeFileSync(`${folder}/f`, '')
      const [deep, wrong] = all(fileStat(`${folder}/a/b/c`), fileStat(`${folder}/f/x/y`))
      expect(deep).toMatchObject({
        type: 'absent',
        parent: { type: 'absent', missing: [`${folder}/a`, `${folder}/a/b`] },
      })
      expect(wrong).toMatchObject({ type: 'absent', parent: { type: 'other', missing: [] } })
    })
  })

  it('a user who may not look', ctx => {
    inFolder(folder => {
      writeFileSync(`${folder}/a`, 'secret', { mode: 0o600 })
      mkdirSync(`${folder}/open`, { mode: 0o755 })
      const args = [fileText(`${folder}/a`), fileText('/etc/shadow')].map(question => question.arg as FileArg)
      const [command, ...rest] = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...shell]
      const section = runScript([command!, ...rest], file.sh(args))
      if (section.code !== 0) return ctx.skip()
      const [closed, shadow] = file.parse(section, args)
      expect(closed).toMatchObject({ denied: 'folder' })
      expect(shadow).toMatchObject({ type: 'file', denied: 'content' })
    })
  })

  it.each(['', 'Welcome!\n', 'a'.repeat(32), `${'a'.repeat(32)}\0file\0`])('garbage %j fails', text => {
    const section = { stdout: Buffer.from(text), stderr: Buffer.from(''), code: 0, truncated: false }
    expect(() => file.parse(section, [fileText('/x').arg as FileArg])).toThrow(Failure)
    expect(() => fileTreeKind.parse(section, ['/x'])).toThrow(Failure)
  })

  it('a cut answer fails', () => {
    const args = [fileText('/etc/passwd').arg as FileArg]
    const whole = runScript(shell, file.sh(args))
    for (const cut of [10, 60, whole.stdout.length - 40, whole.stdout.length - 1]) {
      expect(() => file.parse({ ...whole, stdout: whole.stdout.subarray(0, cut) }, args)).toThrow(Failure)
    }
  })
})

describe('under the shadow', () => {
  const shell = shells[0]!
  const under = (question: ReturnType<typeof fileText>, plan: (shadow: Shadow) => void) => {
    const shadow = new Shadow()
    plan(shadow)
    return askUnder(shell, shadow, question)
  }

  it('a path through a planned link', () => {
    const answer = under(fileText('/nowhere/link/hostname'), shadow => {
      shadow.files.set('/nowhere', { type: 'directory' })
      shadow.files.set('/nowhere/link', { type: 'link', target: '/etc' })
    })
    expect(answer).toMatchObject({ path: '/nowhere/link/hostname', real: '/etc/hostname', type: 'file' })
  })

  it('a planned link has one name, in the place of whatever was there', () => {
    const answer = under(fileStat('/etc/hostname', { follow: false }), shadow => {
      shadow.files.set('/etc/hostname', { type: 'link', target: 'x', mode: '0777', owner: 'root', group: 'root' })
    })
    expect(answer).toMatchObject({ type: 'link', target: 'x', links: 1 })
  })

  it.each<[string, (shadow: Shadow) => void, string | object]>([
    ['after a package: not found is unknown', s => s.mayBring('the package x'), 'the package x may bring it'],
    [
      'content that only a run can tell',
      s => s.files.set('/nowhere', { type: 'file', text: new Unknown('why') }),
      'the mode of /nowhere is known after apply',
    ],
    ['in a folder planned away', s => s.files.set('/nowhere', { type: 'absent' }), { type: 'absent' }],
    [
      'as planned',
      s => s.files.set('/nowhere', { type: 'file', text: 'x', mode: '0600' }),
      { type: 'file', text: 'x', mode: '0600' },
    ],
    ['a path that is unknown', s => s.files.set('/nowhere', new Unknown('tainted')), 'tainted'],
  ])('%s', (_, plan, wanted) => {
    const answer = under(fileText('/nowhere'), plan)
    if (typeof wanted === 'string') expect(answer).toEqual(new Unknown(wanted))
    else expect(answer).toMatchObject(wanted)
  })

  it('owners that are planned count', () => {
    const question = fileStat('/nowhere', { owner: 'newuser' })
    expect(under(question, () => undefined)).toMatchObject({ ownerExists: false })
    expect(under(question, s => s.users.set('newuser', { exists: true }))).toMatchObject({ ownerExists: true })
    expect(under(fileStat('/etc', { owner: 'newuser' }), s => s.mayBring('a package'))).toBeInstanceOf(Unknown)
  })

  it('a folder planned with its parents', () => {
    const answer = under(fileStat('/nowhere/a/b'), s => {
      s.files.set('/nowhere', { type: 'directory', mode: '0755' })
      s.files.set('/nowhere/a', { type: 'directory', mode: '0700' })
    })
    expect(answer).toMatchObject({ type: 'absent', parent: { type: 'directory', missing: [], mode: '0700' } })
  })
})
