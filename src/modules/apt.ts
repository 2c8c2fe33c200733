import { setPackages } from '../changes/package-set.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, askAll } from '../core/question.ts'
import { type AptListsAnswer, aptCandidate, aptLists, type CandidateAnswer } from '../questions/apt.ts'
import { type PackageAnswer, packageState } from '../questions/package.ts'
import { failed } from './failed.ts'
import { type AptWish, readSpec, type Spec } from './packages/spec.ts'

export const apt = defineModule({
  name: 'apt',
  summary: 'Install, upgrade or remove Debian packages.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        aliases: ['pkg', 'package'],
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
        description: 'Packages: curl, curl=7.88*, curl:arm64, curl/stable; several as a list or with commas.',
      },
      state: { enum: ['present', 'latest', 'absent'], default: 'present' },
      update_cache: {
        type: 'boolean',
        default: false,
        description: 'Fetch the package lists before something is installed, if they are older than cache_valid_time.',
      },
      cache_valid_time: {
        type: 'integer',
        minimum: 0,
        default: 3600,
        description: 'Seconds that fetched lists are good for.',
      },
      upgrade: {
        enum: ['no', 'safe', 'dist'],
        default: 'no',
        description: 'Upgrade all packages: not supported in one go with names.',
      },
      purge: { type: 'boolean', default: false, description: 'With absent: the configuration goes too.' },
      autoremove: {
        type: 'boolean',
        default: false,
        description: 'Remove what was installed for others and is no longer needed, when something changes.',
      },
      default_release: { type: 'string', minLength: 1 },
      install_recommends: { type: 'boolean', description: 'Absent: as apt is configured.' },
      allow_downgrade: { type: 'boolean', default: false },
      lock_timeout: {
        type: 'integer',
        minimum: 0,
        default: 60,
        description: 'Seconds to wait while somebody else holds the lock.',
      },
    },
  },
  returns: {
    cache_updated: 'whether the lists are fetched',
    stdout: 'what apt printed',
    stderr: 'what it complained of',
  },
  targets: args => namesOf(args.name).map(name => ({ facet: 'package', name: readSpec(name).name })),
  *plan(args): Asking<Plan> {
    const names = namesOf(args.name)
    const bad = names.find(name => !/^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?([=/][^\s]+)?$/.test(name))
    if (bad !== undefined) return failed('wrong-value', `'${bad}' is not the name of a package`)
    if (args.upgrade !== 'no' && names.length > 0)
      return failed('wrong-value', '`upgrade` goes without names', 'make it a task of its own')
    const specs = names.map(readSpec)
    const candidates = args.state === 'latest' ? specs : []
    const mayFetch = args.update_cache && args.state !== 'absent'
    const [seen, newest, age] = yield* look(specs, candidates, mayFetch)
    const todo = specs.filter((spec, i) => isToDo(spec, seen[i]!, { wish: args, newest }))
    const isOld = age === undefined || age > args.cache_valid_time
    const fetches = mayFetch && isOld && (todo.length > 0 || names.length === 0 || args.state === 'latest')
    if (todo.length === 0 && !fetches && args.upgrade === 'no') return unchanged({ cache_updated: false })
    const wanted = fetches && args.state === 'latest' ? specs : todo
    return decide(wanted, seen, { ...args, fetches })
  },
})

function namesOf(name: string | readonly string[] | undefined): readonly string[] {
  const all = name === undefined ? [] : typeof name === 'string' ? [name] : name
  return all.flatMap(one => one.split(',').map(part => part.trim())).filter(one => one !== '')
}

type Looked = readonly [readonly PackageAnswer[], ReadonlyMap<string, CandidateAnswer>, AptListsAnswer['age']]

function* look(specs: readonly Spec[], candidates: readonly Spec[], mayFetch: boolean): Asking<Looked> {
  const questions = specs.map(spec => packageState(spec.name))
  const newest = candidates.map(spec => aptCandidate(spec.name))
  const all = yield* askAll(...questions, ...newest, ...(mayFetch ? [aptLists()] : []))
  const seen = all.slice(0, specs.length) as readonly PackageAnswer[]
  const found = all.slice(specs.length, specs.length + newest.length) as readonly CandidateAnswer[]
  const lists = all.slice(specs.length + newest.length) as readonly AptListsAnswer[]
  return [seen, new Map(found.map(one => [one.name, one])), lists[0]?.age]
}

interface Judging {
  readonly wish: AptWish
  readonly newest: ReadonlyMap<string, CandidateAnswer>
}

function isToDo(spec: Spec, seen: PackageAnswer, { wish, newest }: Judging): boolean {
  if (wish.state === 'absent') return seen.installed || seen.broken || (wish.purge && seen.configLeft)
  if (seen.broken) return true
  if (!seen.installed) return seen.providedBy === undefined
  if (spec.version !== undefined && !versionMatches(seen.version ?? '', spec.version)) return true
  if (wish.state !== 'latest' || seen.held) return false
  const candidate = newest.get(spec.name)?.candidate
  return candidate !== undefined && candidate !== seen.version
}

/** `1.2*` stands for what begins so. */
function versionMatches(version: string, wanted: string): boolean {
  return wanted.endsWith('*') ? version.startsWith(wanted.slice(0, -1)) : version === wanted
}

function decide(
  specs: readonly Spec[],
  seen: readonly PackageAnswer[],
  wish: AptWish & { readonly fetches: boolean },
): Plan {
  const versions = seen.filter(one => one.version !== undefined).map(one => [one.name, one.version!] as const)
  const change = setPackages({
    names: specs.map(spec => spec.text),
    state: wish.state,
    ...(wish.fetches ? { updateCache: true } : {}),
    ...(wish.upgrade === 'no' ? {} : { upgrade: wish.upgrade }),
    purge: wish.purge,
    autoremove: wish.autoremove,
    ...(wish.default_release === undefined ? {} : { defaultRelease: wish.default_release }),
    ...(wish.install_recommends === undefined ? {} : { installRecommends: wish.install_recommends }),
    allowDowngrade: wish.allow_downgrade,
    lockTimeout: wish.lock_timeout,
    before: Object.fromEntries(versions),
  })
  return changed(
    [change],
    { cache_updated: wish.fetches },
    {
      later: { names: ['stdout', 'stderr'], from: ([outcome = {}]) => outcome },
    },
  )
}
