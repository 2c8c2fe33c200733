import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type FileWrite, fileWrite, writeFile } from '../../src/changes/file-write.ts'
import { Secret } from '../../src/core/secret.ts'
import { runScript, shells } from '../questions/shells.ts'
import { inFolder } from './law.ts'

const odd = `-odd 'name"\n$(x) \\ é%s`
const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)

function fresh(path: string, text: FileWrite['text'], more: Partial<FileWrite> = {}): FileWrite {
  return writeFile({ path, real: path, text, before: null, expects: 'absent', ...more })
}

/** Carries neighbours as the engine does, and gives the exit of each script. */
function carryTogether(shell: readonly string[], changes: readonly FileWrite[]) {
  const runs = fileWrite.together!(changes)
  expect(runs.reduce((all, run) => all + run.of, 0)).toBe(changes.length)
  return runs.map(({ script }) => runScript(shell, script))
}

const tools = ['chmod', 'chown', 'dd', 'ln', 'mkdir', 'mv', 'rm', 'rmdir', 'stat', 'sync']

/** Runs it with the shell killed just before it calls its n-th program; false where it calls fewer. */
function killing(shell: readonly string[], nth: number, script: string): boolean {
  return inFolder(bin => {
    for (const tool of tools) {
      const text = `#!/bin/sh
read -r n <${bin}/fuse; n=$((n-1)); echo $n >${bin}/fuse
if [ "$n" = 0 ]; then kill -9 $PPID; exit 1; fi
PATH=\${PATH#*:}; exec ${tool} "$@"\n`
      writeFileSync(`${bin}/${tool}`, text, { mode: 0o755 })
    }
    writeFileSync(`${bin}/fuse`, `${nth}\n`)
    runScript(shell, script, { env: { PATH: `${bin}:${process.env.PATH}` } })
    return Number(readFileSync(`${bin}/fuse`, 'utf8')) <= 0
  })
}

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))(
  'new files of one folder in one script: $name',
  ({ shell }) => {
    it('puts all in place with their modes, and leaves nothing beside them', () => {
      inFolder(folder => {
        const changes = [
          fresh(`${folder}/a`, 'one\n'),
          fresh(`${folder}/${odd}`, bytes),
          fresh(`${folder}/empty`, ''),
          fresh(`${folder}/tool`, '#!/bin/sh\n', { mode: '0755' }),
          fresh(`${folder}/secret`, new Secret('s3cr3t-of-a-test')),
        ]
        const [section, ...more] = carryTogether(shell, changes)
        expect(more).toEqual([])
        expect(section!.stderr.toString()).toBe('')
        expect(section!.code).toBe(0)
        expect(readdirSync(folder).sort()).toEqual(['a', odd, 'empty', 'tool', 'secret'].sort())
        expect(readFileSync(`${folder}/${odd}`)).toEqual(Buffer.from(bytes))
        const modes = ['a', 'empty', 'tool', 'secret'].map(name => lstatSync(`${folder}/${name}`).mode & 0o777)
        expect(modes).toEqual([0o644, 0o644, 0o755, 0o600])
      })
    })

    it('never takes a name that somebody else has taken, and says which', () => {
      inFolder(folder => {
        const changes = ['a', 'b', 'c'].map(name => fresh(`${folder}/${name}`, `mine ${name}\n`))
        writeFileSync(`${folder}/b`, 'theirs\n')
        const [section] = carryTogether(shell, changes)
        const diagnostic = fileWrite.explain!(section!, changes[0]!)
        expect(diagnostic).toMatchObject({
          code: 'changed-underneath',
          message: expect.stringContaining(`${folder}/b `),
        })
        expect(readFileSync(`${folder}/b`, 'utf8')).toBe('theirs\n')
        expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([])
      })
    })

    it('killed before any of its programs: no half file, and what is left to do sweeps what was left behind', () => {
      for (let nth = 1; nth < 40; nth++) {
        const done = inFolder(folder => {
          const names = ['a', 'b', 'c']
          const wanted = (name: string) => fresh(`${folder}/${name}`, `all of ${name}\n`)
          const killed = killing(shell, nth, fileWrite.together!(names.map(wanted))[0]!.script)
          const there = readdirSync(folder).filter(name => names.includes(name))
          for (const name of there) expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe(`all of ${name}\n`)
          const missing = names.filter(name => !there.includes(name))
          if (missing.length > 0) expect(carryTogether(shell, missing.map(wanted)).map(({ code }) => code)).toEqual([0])
          expect(readdirSync(folder).sort(), `killed before program ${nth}`).toEqual(names)
          return !killed
        })
        if (done) return expect(nth).toBeGreaterThan(4)
      }
      throw new Error('it calls programs without end')
    })

    it('sweeps what a killed run left, and nothing else', () => {
      inFolder(folder => {
        const changes = ['a', 'b'].map(name => fresh(`${folder}/${name}`, name))
        const name = /t=(\.pitool-[0-9a-f]{8})-/.exec(fileWrite.together!(changes)[0]!.script)![1]!
        const left = `${folder}/${name}`
        mkdirSync(`${left}-abc`)
        writeFileSync(`${left}-abc/a`, 'half')
        mkdirSync(`${folder}/.pitool-other`)
        expect(carryTogether(shell, changes)[0]!.code).toBe(0)
        expect(readdirSync(folder).sort()).toEqual(['.pitool-other', 'a', 'b'])
      })
    })
  },
)

const sum = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')
const root = { mode: '0640', owner: 'root', group: 'root' }

/** Writes of one file, each of what the one before has left. */
function chain(path: string, texts: readonly string[], more: readonly Partial<FileWrite>[] = []): readonly FileWrite[] {
  return texts
    .slice(1)
    .map((text, i) =>
      writeFile({ path, real: path, text, before: texts[i]!, expects: sum(texts[i]!), kept: root, ...more[i] }),
    )
}

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))(
  'writes of one file one after the other: $name',
  ({ shell }) => {
    it('the last is written, with all that was wished of it on the way', () => {
      inFolder(folder => {
        writeFileSync(`${folder}/f`, 'a', { mode: 0o640 })
        const changes = chain(`${folder}/f`, ['a', 'b', 'c', 'd'], [{ mode: '0600', backup: `${folder}/f~` }])
        const [section, ...more] = carryTogether(shell, changes)
        expect([section!.code, more]).toEqual([0, []])
        expect(readFileSync(`${folder}/f`, 'utf8')).toBe('d')
        expect(lstatSync(`${folder}/f`).mode & 0o777).toBe(0o600)
        expect(readFileSync(`${folder}/f~`, 'utf8')).toBe('a')
        expect(readdirSync(folder).sort()).toEqual(['f', 'f~'])
      })
    })
    it('nothing is written where somebody else has', () => {
      inFolder(folder => {
        writeFileSync(`${folder}/f`, 'theirs')
        const changes = chain(`${folder}/f`, ['a', 'b', 'c'])
        const [section] = carryTogether(shell, changes)
        expect(fileWrite.explain!(section!, changes[0]!)?.code).toBe('changed-underneath')
        expect(readFileSync(`${folder}/f`, 'utf8')).toBe('theirs')
      })
    })
  },
)

describe('which writes share a script', () => {
  const sizes = (changes: readonly FileWrite[]) => fileWrite.together!(changes).map(({ of }) => of)
  const many = (count: number, text = '') => Array.from({ length: count }, (_, i) => fresh(`/x/${i}`, text))

  it.each([
    ['a thousand small ones', many(1000), [500, 500]],
    ['as many as a megabyte', many(5, 'x'.repeat(400_000)), [2, 2, 1]],
    ['each folder its own', [fresh('/x/a', ''), fresh('/y/a', ''), fresh('/y/b', '')], [1, 2]],
    ['not what is replaced', [fresh('/x/a', ''), fresh('/x/b', '', { expects: 'f00' }), fresh('/x/c', '')], [1, 1, 1]],
    ['one file written again and again', chain('/x/a', ['a', 'b', 'c', 'd']), [3]],
    ['not a copy of what is between', chain('/x/a', ['a', 'b', 'c'], [{}, { backup: '/x/b' }]), [1, 1]],
    ['not what is validated on the way', chain('/x/a', ['a', 'b', 'c'], [{ validate: 'cat %s' }]), [1, 1]],
    ['not what is validated in the end', chain('/x/a', ['a', 'b', 'c'], [{}, { validate: 'cat %s' }]), [1, 1]],
    ['not what another name leads to', chain('/x/a', ['a', 'b', 'c'], [{}, { path: '/x/link' }]), [1, 1]],
    ['not what was looked at before', [...chain('/x/a', ['a', 'b']), ...chain('/x/a', ['a', 'c'])], [1, 1]],
    ['not what is new at first', [fresh('/x/a', 'a'), ...chain('/x/a', ['a', 'b'])], [1, 1]],
    ['not what is written in place', chain('/x/a', ['a', 'b', 'c'], [{}, { unsafe: true }]), [1, 1]],
    ['not what is validated', [fresh('/x/a', ''), fresh('/x/b', '', { validate: 'cat %s' })], [1, 1]],
  ])('%s', (_, changes, expected) => {
    expect(sizes(changes)).toEqual(expected)
  })
})
