import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockReleaseKind } from '../../../src/changes/lock-release.ts'
import { lockTakeKind } from '../../../src/changes/lock-take.ts'
import { lockWords } from '../../../src/core/ledger-words.ts'
import { runScript, shells } from '../../questions/shells.ts'
import type { Random } from '../random.ts'
import type { Opened, Target } from './fuzz.ts'
import { damage, noise } from './garbage.ts'
import { memory } from './memory.ts'

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const started = (pid: string) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19]
/** A shell at work: this process stands for it. */
const working = Buffer.from(`${boot} ${process.pid} ${started('self')}\nrun 1 of pi on laptop\n`)
/** Somebody who is not there: no process has that number. */
const gone = Buffer.from(`${boot} 4194999 123\nrun 1 of pi on laptop\n`)

const holder = 'run 2 of pi on laptop'
const take = lockTakeKind.carry({ kind: 'lock.take', holder }).script
const release = lockReleaseKind.carry({ kind: 'lock.release', holder }).script

export const lockTargets: readonly Target[] = shells.flatMap(shell => [
  {
    name: `lock: who holds it, in ${shell[0]}`,
    batch: 100,
    share: 1 / shells.length,
    open: () => opened(shell, whoHoldsIt),
  },
  // Some twenty processes a try.
  {
    name: `lock: taken and given back, in ${shell[0]}`,
    batch: 10,
    share: 0.001,
    open: () => opened(shell, takenAndBack),
  },
])

/** Of a batch, on a machine that has a lot to do. */
const timeout = 300_000

interface Place {
  readonly shell: readonly string[]
  readonly folder: string
}

function opened(shell: readonly string[], attempt: (place: Place, contents: readonly Buffer[]) => void): Opened {
  const folder = mkdtempSync(join(memory, 'pitool-lock-'))
  return {
    attempt: randoms => attempt({ shell, folder }, randoms.map(content)),
    close: () => rmSync(folder, { recursive: true }),
  }
}

function content(random: Random): Buffer {
  if (random.chance(0.02)) return working
  return random.chance(0.8) ? damage(random, random.chance(0.7) ? working : gone) : noise(random)
}

/** The shipped lines that read a lock, and the shipped word about it. */
function whoHoldsIt(place: Place, contents: readonly Buffer[]): void {
  const read = /of= pid= since= who=\n.*/.exec(take)?.[0]
  const said = eachIn(place, contents, {
    words: lockWords,
    each: `lock=$folder/$i\n${read}\nif alive "$of" "$pid" "$since"; then echo yes; else echo no; fi`,
  })
  for (const [i, word] of said.entries()) {
    const wanted = isWorking(contents[i]!)
    if (wanted !== undefined) assert.equal(word, wanted ? 'yes' : 'no', shown(contents[i]!))
  }
}

/** Who is at work keeps it; whatever else stands in it, it is taken from nobody and given back. */
function takenAndBack(place: Place, contents: readonly Buffer[]): void {
  const here = (script: string) => script.replaceAll(/state=\S+ run=\S+$/gm, `state=$folder run=$folder`)
  const said = eachIn(place, contents, {
    words: `take() (\nset -e\n${here(take)}\n)\ngive() (\nset -e\n${here(release)}\n)`,
    each: `cat $folder/$i >$folder/lock
take >$folder/said 2>$folder/errors; took=$?
if cmp -s $folder/$i $folder/lock; then same=same; else same=other; fi
line= who=
{ read -r line; IFS= read -r who; } 2>/dev/null <$folder/lock || :
give >/dev/null 2>$folder/errors; gave=$?
if [ -e $folder/lock ]; then left=left; else left=none; fi
rm -f $folder/lock
echo "$took $same $gave $left $who"`,
  })
  for (const [i, word] of said.entries()) {
    const wanted = isWorking(contents[i]!)
    const refused = '75 same 0 left '
    if (wanted !== false && word.startsWith(refused)) continue
    assert.equal(word, wanted === true ? refused : `0 other 0 none ${holder}`, shown(contents[i]!))
  }
}

/** Does a script for the files 0, 1 … and so on: what it says of each, a line each. */
function eachIn(
  { shell, folder }: Place,
  contents: readonly Buffer[],
  { words, each }: Record<'words' | 'each', string>,
) {
  for (const [i, content] of contents.entries()) writeFileSync(join(folder, `${i}`), content)
  const script = `set +e\nfolder='${folder}'\n${words}\ni=0\nwhile [ $i -lt ${contents.length} ]; do\n${each}\ni=$((i + 1))\ndone`
  const ran = runScript(shell, script, { timeout })
  assert.equal(ran.code, 0, ran.stderr.toString())
  const said = ran.stdout.toString().split('\n').slice(0, -1)
  assert.equal(said.length, contents.length, `${said.length} answers; ${ran.stderr}`)
  return said
}

/** Whether it names a process at work; undefined where shells may read it one way or another. */
function isWorking(content: Buffer): boolean | undefined {
  if (content.includes(0)) return undefined
  const [line = ''] = content.toString('latin1').split('\n')
  const [, of, pid = '', since] = /^[ \t]*([^ \t]*)[ \t]*([^ \t]*)[ \t]*(.*?)[ \t]*$/s.exec(line) ?? []
  if (of !== boot || !since) return false
  try {
    return started(pid) === since
  } catch {
    return false
  }
}

const shown = (content: Buffer) => JSON.stringify(content.toString('latin1'))
