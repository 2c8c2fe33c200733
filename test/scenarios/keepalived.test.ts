import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { onHost, until } from './stage/cluster.ts'
import { contradictions } from './stage/compare.ts'
import { askOften, type DnsClient } from './stage/dns-client.ts'
import { bundled, countsOf, failureOf, type Played, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'
import { tracesOf } from './stage/traces.ts'

// Debian 12's keepalived and Debian 13's, together.
const [one, two] = ['dns1', 'dns2'] as const
const both = [one, two] as const
const client = 'dnsc'
// A key opens the hosts; this is here since a password is a secret wherever it is used.
const password = 'cAnary7x'
const shared = 'playbooks/keepalived.yml'
const failover = ['playbooks/test-dns-failover.yml', '-e', 'dns_failover_down=1']

let hosts: readonly LabHost[]
let site: Site
let vip: string
let dns: DnsClient
const gaps: string[] = []

beforeAll(async () => {
  await bundled()
  const up = await lab.hosts().catch(() => [])
  const ask = async () => [
    ...(await lab.up(1, { names: [one] })),
    ...(await lab.up(1, { names: [two], suite: 'trixie' })),
    ...(await lab.up(1, { names: [client] })),
  ]
  await ask()
  const used = [...both, client].filter(name => up.some(host => host.name === name))
  if (used.length > 0) await lab.reset(used)
  hosts = await ask()
  vip = hosts[0]!.address.replace(/\d+$/, '53')
  await Promise.all(
    both.map(host =>
      onHost(host, 'apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq dnsmasq nftables'),
    ),
  )
  site = makeSite({ 'inventory/hosts.yml': inventory() })
  for (const name of ['keepalived', 'test-dns-failover']) site.write(`playbooks/${name}.yml`, readPlaybook(name))
  dns = askOften(vip)
})
afterAll(async () => {
  dns?.close()
  site?.remove()
  unbundle()
  console.log(gaps.join('\n'))
  await lab.down([...both, client])
})

const root = resolve(import.meta.dirname, '../..')
const readPlaybook = (name: string) => readFileSync(join(root, 'playbooks', `${name}.yml`), 'utf8')

const inventory = (vars: object = {}) =>
  inventoryOf(hosts, {
    vars: { ansible_password: password, keepalived_password: '{{ansible_password}}', keepalived_vip: vip, ...vars },
    groups: { dns: both },
  })

async function holders(): Promise<readonly string[]> {
  const found = await Promise.all(both.map(host => lab.exec(host, `ip -4 -o addr show to ${vip}/32`)))
  return both.filter((_, i) => found[i]!.stdout.includes(`${vip}/32`))
}

/** Of ten looks in a row. */
async function alwaysOne(): Promise<readonly string[]> {
  const seen = new Set<string>()
  for (let i = 0; i < 10; i++) {
    seen.add((await holders()).join('+'))
    await sleep(50)
  }
  return [...seen]
}

const moved = (to: string) => until(`${to} has the address`, 20, async () => (await holders()).join() === to)
const journal = (host: string) => onHost(host, 'journalctl -u keepalived -o cat --no-pager')
const conf = (host: string) => onHost(host, 'cat /etc/keepalived/keepalived.conf')
const unchanged = expect.objectContaining({ changed: 0, failed: 0, unknown: 0, unreachable: false })

function gapOf(what: string): number {
  const ms = dns.gap()
  gaps.push(`${what}: ${ms} ms without an answer`)
  return ms
}

describe('two fresh hosts', () => {
  let check: Played
  test('a check changes nothing', async () => {
    const traces = await tracesOf(both, async () => {
      check = await play(site.path, shared, '--check', '--diff')
    })
    expect(check.code, story(check)).toBe(0)
    expect(traces).toEqual([])
  })

  test('the run ends when exactly one has the address, the preferred one, and DNS answers by it', async () => {
    const run = await play(site.path, shared, '--diff')
    expect(run.code, story(run)).toBe(0)
    // Whether a handler runs depends on what only the run can tell: the check says so elsewhere.
    expect(contradictions(check, run).filter(line => !line.includes('/handlers/'))).toEqual([])
    expect(await alwaysOne()).toEqual([one])
    const answers = dns.answers()
    await until('DNS answers by the address', 5, () => dns.answers() > answers)
    expect(run.stdout).not.toContain(password)
    for (const host of both) {
      expect(await onHost(host, 'stat -c "%a %U" /etc/keepalived/keepalived.conf /etc/keepalived/check-dns')).toBe(
        '600 root\n755 root\n',
      )
      expect(await conf(host)).toContain(`auth_pass ${password}\n`)
      expect(await journal(host)).not.toMatch(/unsafe|SECURITY VIOLATION|disabled/i)
    }
  })

  // A keepalived without peers believes itself alone: with an image's defaults two hosts both become master.
  test('each names the other as its peer, also where the run is limited to one', async () => {
    const [a, b] = hosts.map(({ address }) => address)
    expect(await conf(one)).toMatch(new RegExp(`unicast_src_ip ${a}\\n  unicast_peer \\{\\n    ${b}\\n  \\}`))
    expect(await conf(two)).toMatch(new RegExp(`unicast_src_ip ${b}\\n  unicast_peer \\{\\n    ${a}\\n  \\}`))
    const limited = await play(site.path, shared, '--limit', two)
    expect([limited.code, countsOf(limited, two)], story(limited)).toEqual([0, unchanged])
  })

  test('a second run changes nothing', async () => {
    const again = await play(site.path, shared)
    expect(again.code, story(again)).toBe(0)
    expect(both.map(host => countsOf(again, host))).toEqual([unchanged, unchanged])
  })
})

describe('what is refused', () => {
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['a group of one, which would have no peer', { keepalived_group: 'lonely' }, /at least one other/],
    ['an address that a host has already', { keepalived_vip: '{{hostvars.dns2.host}}' }, /must be none of them/],
    ['a password that VRRP would cut', { keepalived_password: 'nine-char' }, /1 to 8 characters/],
    ['a password that begins a comment', { keepalived_password: 'a#b' }, /comments/],
    // keepalived -t on a file beside the old one: its exit code is 143 for a good one on Debian 12.
    ['a configuration that keepalived does not take', { keepalived_router_id: 999 }, /999/],
    ['a device that is not there', { keepalived_interface: 'eth9' }, /eth9/],
  ]
  test.each(cases)('%s', async (_, vars, said) => {
    const text = inventory(vars) as { all: { children: object } }
    Object.assign(text.all.children, { lonely: { hosts: { [one]: {} } } })
    const other = makeSite({ 'inventory/hosts.yml': text, [shared]: readPlaybook('keepalived') })
    try {
      const before = await conf(one)
      const run = await play(other.path, shared, '--limit', one)
      const failure = failureOf(run, one)
      expect(`${failure?.message} ${failure?.cause ?? ''}`, story(run)).toMatch(said)
      expect(await conf(one)).toBe(before)
      expect(await holders()).toEqual([one])
    } finally {
      other.remove()
    }
  })
})

describe('the failover', () => {
  test('test-dns-failover.yml: keepalived stops, the other takes over, and keeps the address', async () => {
    dns.gap()
    const run = await play(site.path, ...failover)
    expect(run.code, story(run)).toBe(0)
    const told = run.ends.find(end => end.task.name === 'The failover')
    expect(JSON.stringify(told)).toMatch(/dns1 → dns2 → dns2, asked by dnsc: asked=\d+ answered=\d+ longest_gap_ms=\d+/)
    expect(gapOf('keepalived stopped')).toBeLessThan(4000)
    expect(await alwaysOne()).toEqual([two])
    expect(await lab.exec(client, 'ls /run/pitool-dns-failover*')).toMatchObject({ stdout: '' })
    expect(await onHost(one, 'systemctl list-timers --all --no-legend "pitool*"')).toBe('')
  })

  // `dig +short` says on its standard output that nobody answers: `dig … | grep -q .` finds every resolver well.
  test('a resolver that is down is found out, and started again though pitool is killed', async () => {
    dns.gap()
    const killed = startPlay(
      site.path,
      ...failover,
      '-e',
      'dns_failover_unit=dnsmasq',
      '-e',
      'dns_failover_restore_after=8',
    )
    await until('the resolver is down', 15, async () => (await lab.exec(two, 'systemctl is-active dnsmasq')).code !== 0)
    killed.child.kill('SIGKILL')
    await killed.done
    await moved(one)
    expect(gapOf('resolver stopped')).toBeLessThan(10_000)
    expect(await journal(two)).toContain('Entering FAULT STATE')
    await until('it is started again', 20, async () => (await lab.exec(two, 'systemctl is-active dnsmasq')).code === 0)
    expect(await alwaysOne()).toEqual([one])
    await lab.exec(client, 'systemctl stop pitool-dns-failover; rm -f /run/pitool-dns-failover*')
  })

  test('a pulled cable; put back, there is one master again', async () => {
    await until('the other is fit again', 10, async () =>
      /succeeded|BACKUP STATE\n*$/.test((await journal(two)).slice(-300)),
    )
    dns.gap()
    await lab.cut(one)
    const answers = dns.answers()
    await until('DNS answers again', 20, () => dns.answers() > answers + 20)
    expect(gapOf('cable pulled')).toBeLessThan(8000)
    await lab.uncut(one)
    await until('one has it', 10, async () => (await holders()).length === 1)
    gapOf('cable back')
    expect(await alwaysOne()).toHaveLength(1)
  })

  test('hosts that cannot hear each other: the run says so, and what the firewall must let in', async () => {
    for (const host of both) await onHost(host, `nft -f - <<'END'\n${deaf}\nEND`)
    await until('both have it', 10, async () => (await holders()).length === 2)
    const run = await play(site.path, shared, '-e', 'keepalived_settle_timeout=1')
    expect(failureOf(run, one), story(run)).toMatchObject({
      message: expect.stringContaining('dns1 and dns2 both have'),
    })
    expect(failureOf(run, one)?.hint).toContain('IP protocol 112')
    const told = await play(site.path, shared, '--limit', two, '-e', 'keepalived_settle_timeout=1')
    expect(told.stdout).toMatch(/nftables filters what comes in and names no VRRP/)
    for (const host of both) await onHost(host, 'nft flush ruleset')
    await until('one has it', 10, async () => (await holders()).length === 1)
  })
})

const deaf = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    meta l4proto { tcp, udp, icmp } accept
  }
}`
