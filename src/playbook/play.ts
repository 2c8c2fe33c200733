import { place } from '../core/span.ts'
import type { MapNode, Node } from '../language/node.ts'
import { addHandlers, loadHandlers } from './handlers.ts'
import { type Hosts, readHosts } from './hosts-of-play.ts'
import { loadItems } from './items.ts'
import { inherit } from './keywords.ts'
import { byRank } from './layers.ts'
import { lookupIn } from './lookup.ts'
import type { Item, Keywords, Play, VarLayer } from './model.ts'
import { playKeys } from './play-keys.ts'
import { type Keys, readExactly } from './read-keys.ts'
import { isItsTurn, type OpenRole, readRole } from './role.ts'
import { readRoleEntries } from './role-entries.ts'
import { expose, folderOf, type Loader, type PlayState, type Scene } from './scene.ts'
import { select, tagsOf } from './tags.ts'
import { given } from './task.ts'
import { readVarsFiles } from './vars-files-of-play.ts'

/** A play and what is needed to check it once all plays are read. */
export interface ReadPlay {
  readonly play: Play
  readonly state: PlayState
  /** All items, whatever tags were asked for. */
  readonly items: readonly Item[]
}

export interface PlayFile {
  /** The playbook's absolute path. */
  readonly path: string
  readonly loader: Loader
  readonly hosts: Hosts
  /** What an `import_playbook` says about all its plays. */
  readonly outer: Keywords
}

export function readPlay(node: MapNode, file: PlayFile): ReadPlay | undefined {
  const { problems } = file.loader
  const { values } = readExactly(node, playKeys, { problems, where: 'a play' })
  const state: PlayState = { folder: folderOf(file.path), exposed: [], merged: new Map(), ran: new Set(), handlers: [] }
  const scene = sceneOf(values, state, file)
  const read = readSections(values, scene)
  if (!values.hosts) {
    const hint = 'add `hosts: all`, or a group'
    return problems.add({ code: 'missing-key', message: "a play needs 'hosts'", span: node.span, hint })
  }
  const matched = readHosts(values.hosts, file.hosts, file.loader)
  if (!matched) return undefined
  const all = read.flat()
  const play: Play = {
    span: node.span,
    name: nameOf(values.name) ?? matched.pattern,
    ...matched,
    serial: values.serial ?? [],
    strategy: values.strategy ?? 'linear',
    ...given({ max_fail_percentage: values.max_fail_percentage, confirm: values.confirm }),
    any_errors_fatal: values.any_errors_fatal ?? false,
    force_handlers: values.force_handlers ?? false,
    layers: layersOf(node, values, scene),
    sections: read.map(items => select(items, file.loader.selection)),
    handlers: state.handlers,
    tags: [...new Set([...scene.keywords.tags, ...tagsOf(all)])].sort(),
  }
  return { play, state, items: all }
}

type Values = Keys<typeof playKeys>['values']

function sceneOf(values: Values, state: PlayState, file: PlayFile): Scene {
  const { vars: _, ...own } = values
  const shared = Object.fromEntries(Object.entries(own).filter(([key]) => inherited.has(key)))
  return {
    loader: file.loader,
    play: state,
    keywords: inherit(file.outer, shared),
    folder: state.folder,
    chain: [file.path],
    lookup: lookupIn([state.folder, file.loader.settings.root]),
    handlers: false,
  }
}

/** Keywords of a play that its tasks inherit. */
const inherited = new Set([
  'become',
  'become_user',
  'become_method',
  'environment',
  'check_mode',
  'diff',
  'no_log',
  'ignore_errors',
  'ignore_unreachable',
  'throttle',
  'timeout',
  'run_once',
  'tags',
])

/** Roles are opened first: their variables are seen by all tasks of the play, as in Ansible. */
function readSections(values: Values, scene: Scene): readonly [readonly Item[], readonly Item[], readonly Item[]] {
  const roles = readRoleEntries(values.roles, scene)
  for (const role of roles) exposeAll(role, scene.play)
  const pre = loadItems(values.pre_tasks, scene)
  const ofRoles = roles.filter(isItsTurn).flatMap(role => {
    const { tasks, handlers } = readRole(role)
    addHandlers(scene.play.handlers, handlers)
    return tasks
  })
  const main = [...ofRoles, ...loadItems(values.tasks, scene)]
  const post = loadItems(values.post_tasks, scene)
  addHandlers(scene.play.handlers, loadHandlers(values.handlers, scene))
  return [pre, main, post]
}

function exposeAll({ dependencies, layers }: OpenRole, state: PlayState): void {
  for (const dependency of dependencies) exposeAll(dependency, state)
  expose(state, layers)
}

function layersOf(node: MapNode, { vars, vars_files }: Values, scene: Scene): readonly VarLayer[] {
  const own: readonly VarLayer[] =
    vars && vars.size > 0 ? [{ origin: `vars of the play at ${place(node.span)}`, rank: 'play vars', vars }] : []
  return byRank([...own, ...readVarsFiles(vars_files, scene)])
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined
}
