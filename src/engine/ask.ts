import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { comingAlong } from './along.ts'
import { foretold, type Open, openOf, predicted, recalled, remember } from './foresight.ts'
import { type Answer, type Group, groupsOf, limitOf } from './groups.ts'
import type { HostState } from './host.ts'
import { identityKey } from './ledger.ts'
import { mended } from './mend.ts'
import { type Site, stateOf } from './site.ts'

/** The answers to what was asked at once, and the reason why some of them are assumptions. */
export interface Answered {
  readonly values: readonly unknown[]
  readonly assumed: string | undefined
}

/** Asks all of them in one frame a host, hosts in parallel; each kind is asked once for all its questions. */
export async function askTogether(site: Site, questions: readonly Question[]): Promise<Answered> {
  const values: unknown[] = new Array(questions.length)
  const groups = new Map<HostState, Open[]>()
  const waits: Promise<unknown>[] = []
  for (const [index, question] of questions.entries()) {
    const open = openOf(site, question, index)
    if (open.kind.control) {
      waits.push(site.control(question).then(value => (values[index] = value)))
      continue
    }
    const state = stateOf(site, question.on)
    groups.set(state, [...(groups.get(state) ?? []), open])
  }
  const asked = [...groups].map(([state, open]) => askHost(site, state, open, values))
  const [, ...assumptions] = await Promise.all([Promise.all(waits), ...asked])
  return { values, assumed: assumptions.find(reason => reason !== undefined) }
}

async function askHost(
  site: Site,
  state: HostState,
  asked: readonly Open[],
  values: unknown[],
): Promise<string | undefined> {
  const toSend: Open[] = []
  let looked = false
  for (const one of asked) {
    const sure = predicted(site, state, one)
    if (sure !== undefined) values[one.index] = sure
    else {
      looked = true
      const known = recalled(site, state, one)
      if (known) values[one.index] = foretold(site, state, one, known.value)
      else toSend.push(one)
    }
  }
  if (toSend.length > 0) {
    for (const { one, answer } of await send(site, state, toSend))
      values[one.index] = foretold(site, state, one, answer)
  }
  return looked && site.predicting ? state.shadow.assumption : undefined
}

/** One frame, and with it what the coming tasks will ask; what runs the user's words has a channel of its own. */
async function send(site: Site, state: HostState, toSend: readonly Open[]): Promise<readonly Answer[]> {
  // While the host is on its way, what comes next is gone through.
  state.approach()
  const own = toSend.filter(one => one.kind.own)
  const shared = toSend.filter(one => !one.kind.own)
  const coming = state === site.acting && shared.length > 0 ? await comingAlong(site, state, shared) : []
  const changes = site.changes()
  const ahead = coming.filter(one => !one.kind.own)
  const also = [...ahead, ...whichMachine(site, state), ...whoLeftALock(site, state)]
  const [framed, ...alone] = await Promise.all([
    shared.length > 0
      ? mended(site, state, () => frame(site, state, { shared, ahead: also, ownSoon: ahead.length < coming.length }))
      : [],
    ...own.map(one => mended(site, state, () => askAlone(site, state, one))),
  ])
  const answers = [...framed, ...alone.flat()]
  state.machine ??= answerOf<{ readonly bootId: string }>(answers, bootKind)?.bootId
  // It is nobody's any more: the end of the run takes it away.
  if (answerOf<boolean>(answers, lockKind)) state.mayHold(site.identity(state))
  for (const { one, answer } of answers) remember(site, state, { one, answer, changes })
  return answers
}

/** Asked once a host, with its first frame: two names with one boot are one machine. */
function whichMachine(site: Site, state: HostState): readonly Open[] {
  if (state.machine !== undefined || site.hosts.size < 2 || !site.kinds.questions.has(bootKind)) return []
  return [openOf(site, { kind: bootKind, key: '', arg: null }, -1)]
}

/** Asked with the first frame of each who is at work there. */
function whoLeftALock(site: Site, state: HostState): readonly Open[] {
  const who = identityKey(site.identity(state))
  if (state.askedForLock?.has(who) !== false || !site.kinds.questions.has(lockKind)) return []
  state.askedForLock.add(who)
  return [openOf(site, { kind: lockKind, key: '', arg: null }, -1)]
}

const bootKind = 'host.boot'
const lockKind = 'lock.stray'

function answerOf<Ans>(answers: readonly Answer[], kind: string): Ans | undefined {
  return answers.find(({ one }) => one.kind.kind === kind)?.answer as Ans | undefined
}

interface Frame {
  readonly shared: readonly Open[]
  readonly ahead: readonly Open[]
  /** What comes will run the user's words. */
  readonly ownSoon: boolean
}

async function frame(site: Site, state: HostState, { shared, ahead, ownSoon }: Frame): Promise<readonly Answer[]> {
  try {
    const groups = groupsOf(site, state, [...shared, ...ahead])
    const sections = await sent(site, state, groups, ownSoon)
    return groups.flatMap((group, i) => group.read(sections[i]!))
  } catch (error) {
    // What a coming task cannot ask, and garbage to its question, is that task's failure, at its turn.
    if (error instanceof NotSent) throw error.cause
    if (ahead.length === 0 || !(error instanceof Failure)) throw error
    return frame(site, state, { shared, ahead: [], ownSoon: false })
  }
}

/** The way to the host failed, not what was said on it. */
class NotSent extends Error {}

async function sent(site: Site, state: HostState, groups: readonly Group[], ownSoon: boolean) {
  try {
    const scripts = groups.map(group => group.script)
    await site.beforeSent?.(state, site.identity(state), scripts)
    const identity = site.identity(state)
    const shell = await state.shell(identity)
    if (ownSoon) state.prepared.begin(await state.connect(), identity, site.changes())
    return await shell.frame(scripts, { ...site.frame, limit: limitOf(groups) })
  } catch (cause) {
    throw new NotSent('not sent', { cause })
  }
}

async function askAlone(site: Site, state: HostState, one: Open): Promise<readonly Answer[]> {
  const [group] = groupsOf(site, state, [one]) as [Group]
  const { script } = group
  await site.beforeSent?.(state, site.identity(state), [script])
  const connection = await state.connect()
  const shell = await state.prepared.take(connection, site.identity(state), site.changes())
  try {
    const [section] = await shell.frame([script], { ...site.frame, limit: limitOf([group]) })
    return group.read(section!)
  } finally {
    // Its end is not waited for: what comes next has other channels.
    void shell.close().catch(() => undefined)
  }
}
