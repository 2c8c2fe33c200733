import { rebootHost } from '../changes/reboot.ts'
import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import { changed, defineModule, type Plan, type Seen, type Settled, unchanged } from '../core/module.ts'
import { type Asking, ask, askAll, on } from '../core/question.ts'
import { type BootAnswer, boot } from '../questions/boot.ts'
import { k3sMember } from '../questions/k3s/member.ts'
import { clusterNodes } from '../questions/k3s/nodes.ts'
import { mark, rebootRequired } from '../questions/mark.ts'
import { runReadonly } from '../questions/run.ts'
import { failed } from './failed.ts'
import { rebootRefusal } from './k3s/reboot-refusal.ts'
import { serverArg, serverOf } from './k3s/server-of.ts'

const seconds = (fallback: number, description: string) =>
  ({ type: 'number', minimum: 0, default: fallback, description }) as const

export const reboot = defineModule({
  name: 'reboot',
  summary:
    'Reboot a host when something before noted that it must, wait until it is back in a new boot. A Ready node of a k3s cluster is refused unless it is cordoned.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      when_marked: { type: 'boolean', default: true, description: 'Only where an earlier task noted that it must be.' },
      force: { type: 'boolean', default: false, description: 'Reboot without such a note.' },
      msg: { type: 'string', default: 'Reboot by pitool', description: "Written to the host's log." },
      reboot_timeout: seconds(600, 'Seconds until the host must be back.'),
      post_reboot_delay: seconds(0, 'Seconds that the new boot must be old.'),
      test_command: { type: 'string', description: 'Must exit 0 in the new boot. Should only look.' },
      server: serverArg,
      allow_server: { type: 'boolean', default: false, description: 'Reboot a Ready k3s server too.' },
    },
  },
  returns: {
    rebooted: 'whether it was rebooted',
    elapsed: 'seconds it took',
    reasons: 'what made it necessary',
  },
  *plan(args, ctx) {
    const [before, noted] = yield* askAll(boot(), mark(rebootRequired))
    const needed = args.force || noted.set || !args.when_marked
    if (!needed)
      return unchanged({ rebooted: false, elapsed: 0, reasons: [] }, { message: 'nothing asks for a reboot' })
    const refused = yield* whyNot(args, serverOf(ctx, args.server))
    if (refused) return refused
    const reasons = noted.set ? noted.reasons : ['it was asked for']
    return changed(
      [rebootHost({ message: args.msg, reason: reasons.join('; ') })],
      { reasons },
      {
        later: { names: ['rebooted', 'elapsed'], from: () => ({ rebooted: true }) },
        settle: {
          what: 'the host to be back',
          within: args.reboot_timeout,
          every: 2,
          reconnects: true,
          look: seen => look(seen, before, args),
        },
      },
    )
  },
})

interface Limits {
  readonly reboot_timeout: number
  readonly post_reboot_delay: number
  readonly allow_server: boolean
  readonly test_command?: string | undefined
}

/** A node in service is not rebooted under its pods. Whoever is in no cluster needs no server to be asked. */
function* whyNot({ allow_server }: Limits, server: string | undefined): Asking<Plan | undefined> {
  const member = yield* ask(k3sMember())
  if (member.role === 'none' || !member.active) return undefined
  const asked = member.role === 'server' ? undefined : server
  if (member.role === 'agent' && asked === undefined) {
    return failed(
      'k3s-no-server',
      'this host runs a k3s agent, and nobody can be asked whether it is in service',
      'name the k3s server: `server: HOST`, or put it first into the group `server`',
    )
  }
  const { nodes } = yield* ask(on(asked, clusterNodes()))
  const refused = rebootRefusal(member, nodes, allow_server)
  return refused && { changes: [], result: {}, failed: refused }
}

function* look(seen: Seen, before: BootAnswer, limits: Limits): Asking<Settled> {
  const now = yield* ask(boot())
  const waiting = now.bootId === before.bootId ? 'the host to go down' : yield* notReady(now, limits)
  if (waiting === undefined) return { done: true, result: { rebooted: true, elapsed: Math.round(seen.elapsed) } }
  if (seen.last) throw new Failure(overdue(now.bootId === before.bootId, waiting, limits))
  return { waiting }
}

/** What the new boot still lacks. */
function* notReady(now: BootAnswer, { post_reboot_delay, test_command }: Limits): Asking<string | undefined> {
  if (now.clock - now.bootedAt < post_reboot_delay) return `the new boot to be ${post_reboot_delay} s old`
  if (test_command === undefined) return undefined
  const { rc } = yield* ask(runReadonly({ text: test_command }))
  return rc === 0 ? undefined : `\`${test_command}\` to succeed (it exits ${rc})`
}

function overdue(old: boolean, waiting: string, { reboot_timeout }: Limits): Diagnostic {
  const within = `within ${reboot_timeout} s`
  if (!old) {
    const hint = 'look at the host, or allow more reboot_timeout'
    return {
      code: 'reboot-timeout',
      message: `the host is back, but ${within} this did not come true: ${waiting}`,
      hint,
    }
  }
  return {
    code: 'reboot-timeout',
    message: `the host still runs its old boot: it did not go down ${within}`,
    hint: 'look there for what holds it up: `systemctl list-jobs`, `systemd-inhibit --list`',
  }
}
