import type { Random } from './random.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A file that must always be one of these as a whole. */
export interface Watched {
  readonly path: string
  readonly wholes: readonly string[]
  /** It may be missing: it is made, or taken away, by the play. */
  readonly mayMiss: boolean
}

/** A play whose undisturbed end is the same wherever and however often it is run. */
export interface RandomPlay {
  readonly seed: number
  /** Where on the host its files are. */
  readonly root: string
  readonly tasks: readonly Json[]
  readonly handlers: readonly Json[]
  /** Files of the host before: path → content. */
  readonly before: ReadonlyMap<string, string>
  /** Files of the control side, for `copy` with src. */
  readonly local: ReadonlyMap<string, string>
  readonly templates: ReadonlyMap<string, string>
  readonly watched: readonly Watched[]
}

export const unitName = 'pitool-chaos.service'
export const userNames = ['chaos-one', 'chaos-two'] as const

/** What is being put together. */
export interface Draft {
  readonly random: Random
  readonly root: string
  readonly tasks: Json[]
  /** Beside those that files are notified of. */
  readonly handlers: Json[]
  readonly before: Map<string, string>
  readonly local: Map<string, string>
  readonly templates: Map<string, string>
  readonly watched: Watched[]
  /** Files whose tasks notify the handler of that number. */
  readonly applied: string[][]
  count: number
  unit: boolean
}

export function randomPlay(random: Random, root: string): RandomPlay {
  const draft = emptyDraft(random, root)
  const most = random.whole(5, 20)
  while (draft.tasks.length < most) random.pick(makers)(draft)
  return finished(draft)
}

/** A play of these tasks, in this order. */
export function composedPlay(random: Random, root: string, makers: readonly Maker[]): RandomPlay {
  const draft = emptyDraft(random, root)
  for (const make of makers) make(draft)
  return finished(draft)
}

function emptyDraft(random: Random, root: string): Draft {
  const maps = {
    before: new Map<string, string>(),
    local: new Map<string, string>(),
    templates: new Map<string, string>(),
  }
  return { random, root, tasks: [], handlers: [], ...maps, watched: [], applied: [], count: 0, unit: false }
}

function finished(draft: Draft): RandomPlay {
  const { random, root } = draft
  const handlers: Json[] = draft.applied.map((files, i) => applyHandler(root, i, files))
  if (draft.unit) handlers.push(restartHandler)
  handlers.push(...draft.handlers)
  const { tasks, before, local, templates, watched } = draft
  return { seed: random.seed, root, tasks, handlers, before, local, templates, watched }
}

export type Maker = (draft: Draft) => void

export const word = (random: Random) => random.bytes(6).toString('hex')

/** Some are small, some ride in many packets, some have a channel of their own. */
function text(random: Random): string {
  const lines = random.pick([1, 3, 40, 40, 2000, 12_000])
  const line = word(random)
  return Array.from({ length: lines }, (_, i) => `${i} ${line} 'quoted' \\ %s ü\n`).join('')
}

export function fresh(draft: Draft, kind: string): string {
  draft.count += 1
  return `${draft.root}/${kind}-${draft.count}`
}

/** A task that changes a file may owe a handler: mostly one of its own, for nobody else's notice would make good its loss. */
export function notifying(draft: Draft, path: string): { readonly [key: string]: Json } {
  if (draft.random.chance(0.3)) return {}
  const isNew = draft.applied.length === 0 || draft.random.chance(0.75)
  const which = isNew ? draft.applied.push([]) - 1 : draft.random.whole(0, draft.applied.length - 1)
  draft.applied[which]!.push(path)
  return { notify: draft.random.chance(0.5) ? `apply ${which}` : [`heard ${which}`] }
}

const copyText: Maker = draft => {
  const { random } = draft
  const path = fresh(draft, 'file')
  const [old, content] = [text(random), text(random)]
  const isThere = random.chance(0.5)
  if (isThere) draft.before.set(path, old)
  draft.watched.push({ path, wholes: [content, ...(isThere ? [old] : [])], mayMiss: !isThere })
  const mode = random.pick(['0644', '0640', '0600'])
  draft.tasks.push({ name: `Write ${path}`, copy: { dest: path, content, mode }, ...notifying(draft, path) })
}

const copySource: Maker = draft => {
  const path = fresh(draft, 'sent')
  const name = `sent-${draft.count}.txt`
  const content = text(draft.random).repeat(draft.random.pick([1, 1, 5]))
  draft.local.set(name, content)
  draft.watched.push({ path, wholes: [content], mayMiss: true })
  draft.tasks.push({ name: `Send ${path}`, copy: { dest: path, src: name }, ...notifying(draft, path) })
}

const lines: Maker = draft => {
  const { random } = draft
  const path = fresh(draft, 'lines')
  const wholes = [text(random)]
  draft.before.set(path, wholes[0]!)
  for (let i = random.whole(1, 3); i > 0; i--) {
    const line = `line ${word(random)}`
    wholes.push(`${wholes.at(-1)}${line}\n`)
    draft.tasks.push({ name: `Line in ${path}`, lineinfile: { path, line }, ...notifying(draft, path) })
  }
  draft.watched.push({ path, wholes, mayMiss: false })
}

const block: Maker = draft => {
  const path = fresh(draft, 'block')
  draft.before.set(path, text(draft.random))
  const block = `${word(draft.random)}\n${word(draft.random)}`
  draft.tasks.push({ name: `Block in ${path}`, blockinfile: { path, block }, ...notifying(draft, path) })
}

const folderAndLink: Maker = draft => {
  const folder = fresh(draft, 'folder')
  const mode = draft.random.pick(['0755', '0700'])
  draft.tasks.push({ name: `Folder ${folder}`, file: { path: `${folder}/inner`, state: 'directory', mode } })
  const link = { path: `${folder}/link`, src: 'inner', state: 'link' }
  draft.tasks.push({ name: `Link in ${folder}`, file: link })
}

const gone: Maker = draft => {
  const path = fresh(draft, 'gone')
  const content = text(draft.random)
  draft.before.set(path, content)
  draft.watched.push({ path, wholes: [content], mayMiss: true })
  draft.tasks.push({ name: `Take ${path} away`, file: { path, state: 'absent' }, ...notifying(draft, path) })
}

const user: Maker = draft => {
  const index = draft.random.whole(0, 1)
  const args = {
    name: userNames[index]!,
    uid: 4001 + index,
    create_home: false,
    shell: '/bin/sh',
    comment: `n${index}`,
  }
  draft.tasks.push({ name: `User ${args.name}`, user: args })
}

const unit: Maker = draft => {
  if (draft.unit) return
  draft.unit = true
  const conf = `${draft.root}/unit.conf`
  draft.before.set(conf, 'old\n')
  const content = text(draft.random)
  draft.watched.push({ path: conf, wholes: ['old\n', content], mayMiss: false })
  const exec = `/bin/sh -c 'cp ${conf} ${draft.root}/unit.loaded.new && mv ${draft.root}/unit.loaded.new ${draft.root}/unit.loaded'`
  const unitText = `[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=${exec}\n[Install]\nWantedBy=multi-user.target\n`
  const dest = `/etc/systemd/system/${unitName}`
  draft.tasks.push({ name: 'Unit', copy: { dest, content: unitText }, notify: 'restart' })
  const running = { name: unitName, state: 'started', enabled: true, daemon_reload: true }
  draft.tasks.push({ name: 'Run the unit', systemd: running })
  draft.tasks.push({ name: 'Configure the unit', copy: { dest: conf, content }, notify: 'restart' })
}

const registered: Maker = draft => {
  const from = fresh(draft, 'asked')
  const said = word(draft.random)
  draft.before.set(from, `${said}\n`)
  const register = `said_${draft.count}`
  const wanted = draft.random.chance(0.7) ? said : 'otherwise'
  draft.tasks.push({ name: `Read ${from}`, command: { argv: ['cat', from], readonly: true }, register })
  const path = fresh(draft, 'decided')
  const task = { name: `Decided ${path}`, copy: { dest: path, content: `{{${register}.stdout}} it is\n` } }
  draft.tasks.push({ ...task, when: `${register}.stdout == "${wanted}"`, ...notifying(draft, path) })
}

const loop: Maker = draft => {
  const folder = fresh(draft, 'loop')
  const items = Array.from({ length: draft.random.whole(2, 5) }, () => word(draft.random))
  draft.tasks.push({ name: `Folder ${folder}`, file: { path: folder, state: 'directory' } })
  const copy = { dest: `${folder}/{{item}}`, content: 'of {{item}}\n' }
  for (const item of items) {
    draft.watched.push({ path: `${folder}/${item}`, wholes: [`of ${item}\n`], mayMiss: true })
  }
  const owing = notifying(draft, `${folder}/${items[0]}`)
  draft.tasks.push({ name: `Loop in ${folder}`, copy, loop: items, ...owing })
}

/** The rescue always has its turn, so that the end stays the same when a fault comes into the block as well. */
const rescued: Maker = draft => {
  const [tried, saved, always] = [fresh(draft, 'tried'), fresh(draft, 'saved'), fresh(draft, 'always')]
  const write = (dest: string) => ({ name: `Write ${dest}`, copy: { dest, content: `${word(draft.random)}\n` } })
  draft.tasks.push({
    name: `Try ${tried}`,
    block: [
      { ...write(tried), ...notifying(draft, tried) },
      { name: 'Fail', command: { argv: ['false'] } },
    ],
    rescue: [{ ...write(saved), ...notifying(draft, saved) }],
    always: [write(always)],
  })
}

const once: Maker = draft => {
  const path = fresh(draft, 'made')
  const shell = `printf '%s\\n' ${word(draft.random)} > ${path}.new && mv ${path}.new ${path}`
  draft.tasks.push({ name: `Make ${path}`, shell: { cmd: shell, creates: path }, ...notifying(draft, path) })
}

const flush: Maker = draft => {
  if (draft.tasks.length > 0) draft.tasks.push({ meta: 'flush_handlers' })
}

/** Each by its name, for who wants a play of a certain kind. */
export const makersOf = {
  copyText,
  copySource,
  lines,
  block,
  folderAndLink,
  gone,
  user,
  unit,
  registered,
  loop,
  rescued,
  once,
  flush,
} as const

const makers: readonly Maker[] = [
  copyText,
  copyText,
  copyText,
  copySource,
  lines,
  lines,
  block,
  folderAndLink,
  gone,
  user,
  unit,
  registered,
  loop,
  rescued,
  once,
  flush,
]

/** Its deed tells whether it ran after the last change of what it is for. */
function applyHandler(root: string, index: number, files: readonly string[]): Json {
  const seen = `for f in ${files.join(' ')} /dev/null; do echo "$f"; cat "$f" 2>/dev/null; done | sha256sum`
  const shell = `${seen} > ${root}/applied-${index}.new && mv ${root}/applied-${index}.new ${root}/applied-${index}`
  return { name: `apply ${index}`, listen: `heard ${index}`, shell }
}

const restartHandler: Json = {
  name: 'restart',
  systemd: { name: unitName, state: 'restarted', daemon_reload: true },
}
