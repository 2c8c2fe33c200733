import { type ChildProcess, spawn } from 'node:child_process'

/** What somebody without rights does, over and over, in folders that are theirs or everybody's. */
export interface Attack {
  /** The folder that root works in. */
  readonly folder: string
  /** The name in it that root's change is about, as a file or a folder. */
  readonly target: string
  readonly shape: 'file' | 'folder'
  /** What a followed link would hit: a file and a folder of root's. */
  readonly victim: { readonly file: string; readonly folder: string }
  /** Swap the folder itself, too. */
  readonly above: boolean
}

const nobody = 65534

/** Runs until it is stopped, one minute at most. */
export function attack(plan: Attack): { stop(): Promise<void>; readonly begun: Promise<void> } {
  const child = spawn(process.execPath, ['-e', `const plan = ${JSON.stringify(plan)}\n${loop}`], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    begun: new Promise(resolve => child.stdout.once('data', () => resolve())),
    stop: () => ended(child),
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

const loop = `
const fs = require('node:fs')
const until = Date.now() + 60000
const quietly = (...steps) => { for (const step of steps) try { step() } catch {} }
const { folder, target, shape, victim, above } = plan
const hit = shape === 'file' ? victim.file : victim.folder
const at = folder + '/' + target
let n = 0
const put = make => { const own = folder + '/own' + n++ % 7; quietly(() => fs.rmSync(own, { recursive: true, force: true }), () => make(own), () => fs.rmSync(at, { recursive: shape === 'folder', force: true }), () => fs.renameSync(own, at)) }
const plain = own => shape === 'file' ? fs.writeFileSync(own, 'plain') : fs.mkdirSync(own)
// What root lays beside its target gets another in its place as soon as it is seen.
const beside = () => { let names = []; quietly(() => { names = fs.readdirSync(folder) })
  for (const name of names) if (name.startsWith('.pitool-')) {
    const to = folder + '/' + name
    quietly(() => fs.renameSync(to, folder + '/taken' + n++ % 7))
    quietly(() => fs.symlinkSync(fs.existsSync(folder + '/taken') ? victim.folder : victim.file, to), () => fs.symlinkSync(victim.file, to + 'b'), () => fs.symlinkSync(victim.folder, to + 'l'))
  } }
process.stdout.write('begun')
while (Date.now() < until) {
  put(plain); beside()
  put(own => fs.symlinkSync(hit, own)); beside()
  if (above && n % 3 === 0) {
    quietly(() => fs.renameSync(folder, folder + '.away'), () => fs.symlinkSync(victim.folder, folder))
    quietly(() => fs.unlinkSync(folder), () => fs.renameSync(folder + '.away', folder))
  }
}
`
