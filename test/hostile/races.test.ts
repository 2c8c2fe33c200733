import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeDir } from '../../src/changes/dir-make.ts'
import { setAttrs } from '../../src/changes/file-attrs.ts'
import { removeFile } from '../../src/changes/file-remove.ts'
import { type FileWrite, fileWrite, writeFile } from '../../src/changes/file-write.ts'
import { makeLink } from '../../src/changes/link-make.ts'
import type { Change } from '../../src/core/change.ts'
import { kindOf } from '../changes/law.ts'
import { describeFile, filesBelow } from '../laws/snapshot.ts'
import { runScript, shells } from '../questions/shells.ts'
import { type Attack, attack } from './attacker.ts'
import { effort } from './strings.ts'

const nobody = 65534

interface Case {
  readonly name: string
  readonly shape: Attack['shape']
  script(path: string): string
}

const carried = (change: Change) => kindOf(change).carry(change).script
const write = (path: string, more: Partial<FileWrite> = {}) => writeFile({ path, real: path, text: 'new', ...more })
const wished = { owner: 'nobody', group: 'nogroup' }
const kept = { mode: '0604', owner: 'nobody', group: 'nogroup' }

const cases: readonly Case[] = [
  { name: 'a file is made', shape: 'file', script: path => carried(write(path, { ...wished, expects: 'absent' })) },
  {
    name: 'a file is made with a mode',
    shape: 'file',
    script: path => carried(write(path, { ...wished, mode: '0666' })),
  },
  {
    name: 'a file is written over, with a backup',
    shape: 'file',
    script: path => carried(write(path, { kept, backup: `${path}~`, owner: 'nobody' })),
  },
  {
    name: 'files are made together',
    shape: 'file',
    script: path => {
      const all = ['', '2', '3'].map(end => write(`${path}${end}`, { ...wished, mode: '0666', expects: 'absent' }))
      return fileWrite.together!(all)[0]!.script
    },
  },
  {
    name: 'attributes of a file',
    shape: 'file',
    script: path => carried(setAttrs({ path, real: path, type: 'file', mode: '0666', ...wished, before: {} })),
  },
  {
    name: 'attributes of a folder',
    shape: 'folder',
    script: path => carried(setAttrs({ path, real: path, type: 'directory', mode: '0777', ...wished, before: {} })),
  },
  {
    name: 'a folder is made, and one in it',
    shape: 'folder',
    script: path => carried(makeDir({ path, real: `${path}/in`, missing: [path], mode: '0777', ...wished })),
  },
  {
    name: 'a link is made',
    shape: 'file',
    script: path => carried(makeLink({ path, real: path, target: 'x', ...wished, replaces: 'file' })),
  },
  {
    name: 'a link takes the place of a folder',
    shape: 'folder',
    script: path => carried(makeLink({ path, real: path, target: 'x', ...wished, replaces: 'directory' })),
  },
  { name: 'a file is removed', shape: 'file', script: path => carried(removeFile({ path, real: path, type: 'file' })) },
  {
    name: 'a folder is removed',
    shape: 'folder',
    script: path => carried(removeFile({ path, real: path, type: 'directory' })),
  },
]

const grounds = ["the attacker's own", 'everybody may write to, sticky', 'whose place the attacker swaps'] as const

/** Busybox' own mv, chmod and rm are not those of this machine: what is raced here are the scripts. */
describe.skipIf(process.getuid?.() !== 0).each(grounds)('in a folder that is %s, root harms no other when', ground => {
  test.each(cases.map(one => [one.name, one] as const))(
    '%s',
    async (_, { shape, script }) => {
      const root = mkdtempSync(join(tmpdir(), 'pitool-race-'))
      try {
        chmodSync(root, 0o755)
        const [top, victims] = [join(root, 'top'), join(root, 'victims')]
        const [folder, victim] = [join(top, 'sub'), { file: join(victims, 'target'), folder: victims }]
        const sticky = ground === grounds[1]
        for (const made of [top, folder, victims, join(victims, 'in')]) mkdirSync(made)
        writeFileSync(victim.file, 'victim', { mode: 0o600 })
        writeFileSync(join(victims, 'in/deep'), 'victim')
        if (!sticky) for (const own of [top, folder]) chownSync(own, nobody, nobody)
        chmodSync(folder, sticky ? 0o1777 : 0o755)
        execFileSync('sync', ['-d', victim.file])
        const seen = () => new Map([...filesBelow(victims)].map(([path, state]) => [path, describeFile(state)]))
        const before = seen()
        const attacker = attack({ folder, target: 'target', shape, victim, above: ground === grounds[2] })
        try {
          await attacker.begun
          for (let i = 0; i < 3 * effort; i++) {
            runScript(shells[i % shells.length]!, script(join(folder, 'target')))
            expect(seen(), `after ${i + 1}`).toEqual(before)
          }
        } finally {
          await attacker.stop()
        }
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    },
    60_000 * effort,
  )
})

/** An mv around which the name is swapped: first for a folder, so that it fails, from then on for a link to one. */
const swapping = `#!/bin/sh
link() { rm -rf "$NAME"; ln -s "$VICTIM" "$NAME"; }
if [ -e "$SEEN" ]; then link; exec "$MV" "$@"; fi
: >"$SEEN"; rm -f "$NAME"; mkdir "$NAME"; "$MV" "$@"; was=$?; link; exit $was
`

const renamed: readonly (readonly [name: string, script: (path: string) => string])[] = [
  ['a link', path => carried(makeLink({ path, real: path, target: 'x', replaces: 'file' }))],
  ['a file', path => carried(write(path))],
]

test.each(renamed)('%s is not moved into a folder that a link leads to since the first try', (_, script) => {
  for (const shell of shells) {
    const root = mkdtempSync(join(tmpdir(), 'pitool-race-'))
    try {
      const [bin, own, victim] = [join(root, 'bin'), join(root, 'own'), join(root, 'victim')]
      for (const made of [bin, own, victim]) mkdirSync(made)
      const name = join(own, 'target')
      writeFileSync(name, 'old')
      writeFileSync(join(bin, 'mv'), swapping, { mode: 0o755 })
      const real = execFileSync('sh', ['-c', 'command -v mv'], { encoding: 'utf8' }).trim()
      const env = { PATH: `${bin}:${process.env.PATH}`, MV: real, SEEN: join(root, 'seen'), NAME: name, VICTIM: victim }
      runScript(shell, script(name), { env })
      expect(existsSync(join(root, 'seen')), 'the swapping mv was called').toBe(true)
      expect(readdirSync(victim), shell.join(' ')).toEqual([])
      expect(readdirSync(own)).toEqual(['target'])
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  }
})
