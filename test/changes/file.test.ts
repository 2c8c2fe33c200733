import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeDir } from '../../src/changes/dir-make.ts'
import { setAttrs } from '../../src/changes/file-attrs.ts'
import { removeFile } from '../../src/changes/file-remove.ts'
import { type FileWrite, writeFile } from '../../src/changes/file-write.ts'
import { makeLink } from '../../src/changes/link-make.ts'
import type { Change } from '../../src/core/change.ts'
import { Secret } from '../../src/core/secret.ts'
import { type FileAnswer, fileStat, fileText } from '../../src/questions/file.ts'
import { shells } from '../questions/shells.ts'
import { ask, carry, expectForetold, inFolder } from './law.ts'

type Look = (path: string) => FileAnswer

interface Case {
  readonly name: string
  setup?(folder: string): void
  change(folder: string, look: Look): Change
  /** Looked at before (foretold) and after, beside the path itself. */
  readonly also?: readonly string[]
  after?(folder: string): void
}

function rewrite(look: FileAnswer, more: Partial<FileWrite> & Pick<FileWrite, 'text'>): FileWrite {
  const { path, real, type, mode, owner, group, digest, text } = look
  const kept = type === 'file' ? { mode: mode!, owner: owner!, group: group! } : undefined
  return writeFile({ path, real, kept, expects: digest ?? 'absent', before: text ?? null, ...more })
}

const odd = `odd 'name"\n$(x) \\ é%s`
const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)

const cases: readonly Case[] = [
  { name: 'a new file', change: (f, look) => rewrite(look(`${f}/a`), { text: 'one\ntwo\n' }) },
  {
    name: 'a new file with an odd name',
    change: (f, look) => rewrite(look(`${f}/${odd}`), { text: 'x' }),
    also: [odd],
  },
  { name: 'an empty file', change: (f, look) => rewrite(look(`${f}/a`), { text: '' }) },
  {
    name: 'text the shell would love',
    change: (f, look) => rewrite(look(`${f}/a`), { text: `$HOME '"%s%%\\n\`id\`\n` }),
  },
  { name: 'every byte', change: (f, look) => rewrite(look(`${f}/a`), { text: bytes }) },
  {
    name: 'a secret, for its owner only',
    change: (f, look) => rewrite(look(`${f}/a`), { text: new Secret('s3cr3t-of-a-test') }),
    after: f => expect(lstatSync(`${f}/a`).mode & 0o777).toBe(0o600),
  },
  {
    name: 'mode, owner and group as wished',
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'x', mode: '4750', owner: 'nobody', group: 'daemon' }),
  },
  {
    name: 'mode and owner kept',
    setup: f => {
      writeFileSync(`${f}/a`, 'old')
      execFileSync('chown', ['daemon:games', `${f}/a`])
      chmodSync(`${f}/a`, 0o641)
    },
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'new' }),
  },
  {
    name: 'another owner, the mode kept',
    setup: f => writeFileSync(`${f}/a`, 'old', { mode: 0o4755 }),
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'new', owner: 'daemon' }),
  },
  {
    name: 'through a link',
    setup: f => {
      mkdirSync(`${f}/d`)
      writeFileSync(`${f}/d/real`, 'old')
      symlinkSync('d/real', `${f}/a`)
    },
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'new' }),
    also: ['d/real'],
    after: f => expect(lstatSync(`${f}/a`).isSymbolicLink()).toBe(true),
  },
  {
    name: 'into a set-group-id folder',
    setup: f => execFileSync('sh', ['-c', `chgrp games ${f}; chmod 2775 ${f}`]),
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'new' }),
  },
  {
    name: 'a backup of the old content',
    setup: f => writeFileSync(`${f}/a`, 'old', { mode: 0o640 }),
    change: (f, look) => rewrite(look(`${f}/a`), { text: 'new', backup: `${f}/a.1~` }),
    also: ['a.1~'],
    after: f => expect(readFileSync(`${f}/a.1~`, 'utf8')).toBe('old'),
  },
  {
    name: 'accepted by its validation',
    change: (f, look) => rewrite(look(`${f}/a b`), { text: 'fine\n', validate: "grep -q '^fine$' %s" }),
    also: ['a b'],
  },
  {
    name: 'a removed file',
    setup: f => writeFileSync(`${f}/a`, 'old'),
    change: (f, look) => removeFile({ ...look(`${f}/a`), type: 'file', expects: look(`${f}/a`).digest }),
  },
  {
    name: 'a removed folder, and what was in it',
    setup: f => {
      mkdirSync(`${f}/a/b`, { recursive: true })
      writeFileSync(`${f}/a/b/c`, 'old')
    },
    change: (f, look) => removeFile({ path: `${f}/a`, real: look(`${f}/a`).real, type: 'directory' }),
    also: ['a/b', 'a/b/c'],
  },
  {
    name: 'a folder and those above it',
    change: (f, look) => {
      const { path, real, parent } = look(`${f}/a/b/c`)
      return makeDir({ path, real, missing: parent.missing, mode: '0750', owner: 'daemon', group: 'games' })
    },
    also: ['a', 'a/b', 'a/b/c', 'a/b/c/d'],
  },
  { name: 'a folder of no special mode', change: (f, look) => makeDir({ ...look(`${f}/a`), missing: [] }) },
  {
    name: 'folders below one that hands on its group',
    setup: f => execFileSync('sh', ['-c', `chgrp games ${f}; chmod 2775 ${f}`]),
    change: (f, look) => {
      const { path, real, parent, asker } = look(`${f}/a/b`)
      return makeDir({ path, real, missing: parent.missing, setgid: asker?.setgid })
    },
    also: ['a/b', 'a/b/c'],
  },
  {
    name: 'folders of a mode below one that hands on its group',
    setup: f => execFileSync('sh', ['-c', `chgrp games ${f}; chmod 2775 ${f}`]),
    change: (f, look) => makeDir({ ...look(`${f}/a`), missing: [], mode: '0750', owner: 'daemon' }),
  },
  {
    name: 'a set-group-id folder',
    change: (f, look) => makeDir({ ...look(`${f}/a`), missing: [], mode: '2775', group: 'games' }),
  },
  {
    name: 'attributes of a file',
    setup: f => writeFileSync(`${f}/a`, 'old'),
    change: f =>
      setAttrs({
        path: `${f}/a`,
        real: `${f}/a`,
        type: 'file',
        mode: '0600',
        owner: 'daemon',
        before: { mode: '0644' },
      }),
  },
  {
    name: 'a link to nothing yet',
    change: f => makeLink({ path: `${f}/a`, real: `${f}/a`, target: 'some where', replaces: 'absent' }),
  },
  {
    name: 'a link instead of another',
    setup: f => symlinkSync('/etc', `${f}/a`),
    change: f => makeLink({ path: `${f}/a`, real: `${f}/a`, target: '/usr', replaces: { target: '/etc' } }),
    after: f => expect(readdirSync(f)).toEqual(['a']),
  },
  {
    name: 'a hard link',
    setup: f => writeFileSync(`${f}/b`, 'old'),
    change: f => makeLink({ path: `${f}/a`, real: `${f}/a`, target: `${f}/b`, hard: true, replaces: 'absent' }),
    after: f => expect(lstatSync(`${f}/a`).nlink).toBe(2),
  },
]

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  it.each(cases)('$name: carried as foretold', ({ setup, change, also = [], after }) => {
    inFolder(folder => {
      setup?.(folder)
      const todo = change(folder, path => ask(shell, fileText(path)))
      const paths = ['a', ...also].map(name => `${folder}/${name}`)
      expectForetold(shell, todo, [
        ...paths.map(path => fileText(path)),
        ...paths.map(path => fileStat(path, { follow: false })),
        fileStat(folder),
      ])
      after?.(folder)
      expect(readdirSync(folder).filter(name => name.startsWith('.pitool'))).toEqual([])
    })
  })

  it.each([
    ['changed-underneath', (f: string) => writeFileSync(`${f}/a`, 'somebody else'), {}],
    ['validation-failed', undefined, { validate: 'grep -q never %s' }],
    ['refused', (f: string) => mkdirSync(`${f}/a`), { expects: undefined }],
  ] as const)('%s leaves everything as it was', (code, meanwhile, more) => {
    inFolder(folder => {
      const todo = rewrite(ask(shell, fileText(`${folder}/a`)), { text: 'new', ...more })
      meanwhile?.(folder)
      const before = readdirSync(folder)
      expect(carry(shell, todo).diagnostic?.code).toBe(code)
      expect(readdirSync(folder)).toEqual(before)
    })
  })

  it("somebody else's edit is kept", () => {
    inFolder(folder => {
      writeFileSync(`${folder}/a`, 'old')
      const todo = rewrite(ask(shell, fileText(`${folder}/a`)), { text: 'new' })
      writeFileSync(`${folder}/a`, 'edited')
      expect(carry(shell, todo).diagnostic?.code).toBe('changed-underneath')
      expect(readFileSync(`${folder}/a`, 'utf8')).toBe('edited')
    })
  })

  it('no folder to write in', () => {
    inFolder(folder => {
      const todo = rewrite(ask(shell, fileText(`${folder}/no/a`)), { text: 'new' })
      expect(carry(shell, todo).diagnostic?.code).toBe('not-found')
    })
  })

  it('a path that goes through a folder that is not there, and back', () => {
    inFolder(folder => {
      const todo = rewrite(ask(shell, fileText(`${folder}/no/../a`)), { text: 'new' })
      expect(carry(shell, todo).diagnostic).toBeUndefined()
      expect(readFileSync(`${folder}/a`, 'utf8')).toBe('new')
    })
  })

  it('what a killed run left beside the file is swept', () => {
    inFolder(folder => {
      const look = ask(shell, fileText(`${folder}/a`))
      const left = rewrite(look, { text: 'x', validate: 'kill -9 $PPID; sleep 1; : %s' })
      carry(shell, left)
      expect(readdirSync(folder).some(name => name.startsWith('.pitool'))).toBe(true)
      expect(carry(shell, rewrite(look, { text: 'y' })).section.code).toBe(0)
      expect(readdirSync(folder)).toEqual(['a'])
    })
  })

  it('a full disk leaves the old content', ctx => {
    inFolder(folder => {
      if (!mounted(folder, 'size=64k')) return ctx.skip()
      try {
        writeFileSync(`${folder}/a`, 'old')
        const todo = rewrite(ask(shell, fileText(`${folder}/a`)), { text: 'x'.repeat(200_000) })
        expect(carry(shell, todo).diagnostic?.code).toBe('disk-full')
        expect(readdirSync(folder)).toEqual(['a'])
        expect(readFileSync(`${folder}/a`, 'utf8')).toBe('old')
      } finally {
        execFileSync('umount', [folder])
      }
    })
  })

  it('a bind-mounted file is written in place', ctx => {
    inFolder(folder => {
      writeFileSync(`${folder}/a`, 'old')
      writeFileSync(`${folder}/b`, 'below')
      try {
        execFileSync('mount', ['--bind', `${folder}/b`, `${folder}/a`], { stdio: 'ignore' })
      } catch {
        return ctx.skip()
      }
      try {
        const todo = rewrite(ask(shell, fileText(`${folder}/a`)), { text: 'new', mode: '0640' })
        expectForetold(shell, todo, [fileText(`${folder}/a`)])
        expect(readFileSync(`${folder}/b`, 'utf8')).toBe('new')
      } finally {
        execFileSync('umount', [`${folder}/a`])
      }
    })
  })
})

describe('what is never removed', () => {
  it.each(['/', '/etc', '/usr', '/home', '/boot/firmware'])('%s', real => {
    expect(() => removeFile({ path: real, real, type: 'directory' })).toThrow(/belongs to the system/)
    expect(existsSync(real === '/boot/firmware' ? '/' : real)).toBe(true)
  })
})

function mounted(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
