import { Failure } from '../core/diagnostic.ts'
import { defineModule, type Settled, unchanged } from '../core/module.ts'
import { type Asking, askAll, on } from '../core/question.ts'
import { runReadonly } from '../questions/run.ts'

export const sharedAddress = defineModule({
  name: 'shared_address',
  summary: 'Wait until exactly one of several hosts has an address that moves between them, and tell which.',
  args: {
    type: 'object',
    required: ['address', 'hosts'],
    additionalProperties: false,
    properties: {
      address: {
        type: 'string',
        pattern: '^(\\d{1,3}\\.){3}\\d{1,3}$',
        expects: 'an IPv4 address without a prefix, such as 192.168.1.50',
      },
      hosts: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        description: 'The inventory names of those that may have it; all of them are asked.',
      },
      not: { type: 'string', description: 'The inventory name of the host that must no longer have it.' },
      stable: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Seconds to watch before it counts: two that cannot hear each other both take it only then.',
      },
      timeout: { type: 'number', minimum: 0, default: 30, description: 'Seconds until it has failed.' },
      sleep: { type: 'number', minimum: 0.1, default: 1, description: 'Seconds between looks.' },
    },
  },
  returns: { holder: 'the host that has it', address: 'the address' },
  *plan(args) {
    const { address, not, stable, timeout } = args
    const what = `exactly one host to have ${address}${not === undefined ? '' : `, and not ${not}`}`
    return unchanged(
      { address },
      {
        settle: {
          what,
          within: timeout + stable,
          every: args.sleep,
          *look({ elapsed, last }): Asking<Settled> {
            const holders = yield* holdersOf(args)
            const [holder] = holders
            const well = holders.length === 1 && holder !== not
            if (well && elapsed >= stable) return { done: true, result: { holder: holder! } }
            if (last) throw wrong(args, holders)
            return { waiting: well ? `${holder} to keep ${address} for ${stable} s` : said(address, holders) }
          },
        },
      },
    )
  },
})

interface Wish {
  readonly address: string
  readonly hosts: readonly string[]
  readonly timeout: number
}

function* holdersOf({ address, hosts }: Wish): Asking<readonly string[]> {
  const text = `ip -4 -o addr show to ${address}/32`
  const answers = (yield* askAll(...hosts.map(host => on(host, runReadonly({ text }))))) as readonly {
    stdout: string
  }[]
  return hosts.filter((_, i) => answers[i]!.stdout.includes(` ${address}/`))
}

function said(address: string, holders: readonly string[]): string {
  if (holders.length === 0) return `no host has ${address}`
  return `${holders.join(' and ')} ${holders.length === 1 ? 'has' : 'both have'} ${address}`
}

function wrong({ address, timeout }: Wish, holders: readonly string[]): Failure {
  const message = `${said(address, holders)}, ${timeout} s on`
  if (holders.length > 1) return new Failure({ code: 'wait-timeout', message, hint: deaf })
  return new Failure({ code: 'wait-timeout', message, hint: holders.length === 0 ? ill : stuck })
}

const deaf =
  'they do not hear each other: IP protocol 112 (VRRP) must pass every firewall between them, and each must name the other as its peer'
const stuck = 'see on the other hosts why they do not take it: `journalctl -u keepalived`'
const ill = 'none thinks itself fit: `journalctl -u keepalived` tells why, mostly that the check fails'
