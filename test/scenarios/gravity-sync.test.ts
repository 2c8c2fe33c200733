import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab, piPassword } from '../lab/lab.ts'
import { onHost } from './stage/cluster.ts'
import { contradictions } from './stage/compare.ts'
import { bundled, countsOf, failureOf, type Played, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'
import { tracesOf } from './stage/traces.ts'

const [one, two] = ['pihole1', 'pihole2'] as const
const both = [one, two] as const
const standIns = resolve(import.meta.dirname, '../lab/pihole')
const read = (name: string) => readFileSync(join(standIns, name), 'utf8')
const apiPassword = 'canary-of-the-api'
const [v5, v6] = ['playbooks/gravity-sync.yml', 'playbooks/nebula-sync.yml'] as const

let hosts: readonly LabHost[]
let site: Site

beforeAll(async () => {
  await bundled()
  const up = (await lab.hosts().catch(() => [])).filter(({ name }) => both.includes(name as typeof one))
  // As Raspberry Pi images are since April 2026: sudo asks for a password.
  hosts = await lab.up(2, { names: both, sudoPassword: true })
  if (up.length > 0) await lab.reset(up.map(({ name }) => name))
  site = siteWith()
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...both])
})

function siteWith(vars: object = {}): Site {
  const inventory = inventoryOf(hosts, {
    vars: {
      ansible_become_password: piPassword,
      gravity_sync_src: join(standIns, 'gravity-sync'),
      nebula_sync_src: join(standIns, 'nebula-sync'),
      // A password that comes from a secret is one itself.
      ansible_password: apiPassword,
      pihole_password: '{{ansible_password}}',
      pihole_url: 'http://{{host}}',
      ...vars,
    },
    groups: { dns: both },
  })
  const made = makeSite({ 'inventory/hosts.yml': inventory })
  for (const name of [v5, v6]) made.write(name, readFileSync(resolve(import.meta.dirname, '../..', name), 'utf8'))
  return made
}

const pihole5 = (host: string, lists: string) => onHost(host, `sh -s ${lists}`, read('v5.sh'))
const lists = (host: string) => onHost(host, 'cat /etc/pihole/gravity.db')
const unchanged = expect.objectContaining({ changed: 0, failed: 0, unknown: 0, unreachable: false })
const inventoryCounts = (played: Played) => both.map(host => countsOf(played, host))

async function refusal(playbook: string, host: string, made: Site = site): Promise<string> {
  const run = await play(made.path, playbook)
  const failure = failureOf(run, host)
  expect(failure, story(run)).toBeDefined()
  return `${failure?.message} ${failure?.cause ?? ''}`
}

describe('two Pi-holes of version 5', () => {
  let check: Played
  test('none at all is told', async () => {
    expect(await refusal(v5, one)).toContain('There is no Pi-hole here')
  })

  test('a check changes nothing', async () => {
    await pihole5(one, 'lists-of-the-primary')
    await pihole5(two, 'old-lists')
    const traces = await tracesOf(both, async () => {
      check = await play(site.path, v5, '--check', '--diff')
    })
    expect(check.code, story(check)).toBe(0)
    expect(traces).toEqual([])
  })

  test('nothing that is fetched is believed without its digest', async () => {
    const bare = siteWith({ gravity_sync_src: '{{omit}}' })
    bare.write('inventory/hosts.yml', bare.read('inventory/hosts.yml').replace(/"gravity_sync_src":[^\n]*\n/, ''))
    expect(await refusal(v5, two, bare)).toContain('Give gravity_sync_sha256')
    bare.remove()
  })

  test('the first time all comes from the primary, without a question, by sudo that asks for a password', async () => {
    const run = await play(site.path, v5, '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run).filter(line => !line.includes('/handlers/'))).toEqual([])
    expect([await lists(one), await lists(two)]).toEqual(['lists-of-the-primary\n', 'lists-of-the-primary\n'])
    expect(await onHost(two, 'stat -c %a /etc/gravity-sync/gravity-sync.rsa /etc/gravity-sync/gravity-sync.conf')).toBe(
      '600\n600\n',
    )
    expect(await onHost(two, 'cat /etc/gravity-sync/gravity-sync.md5')).toMatch(/^([0-9a-f]{32}\n){4}$/)
    expect(await onHost(two, 'systemctl is-active gravity-sync.timer; systemctl is-enabled gravity-sync.timer')).toBe(
      'active\nenabled\n',
    )
  })

  test('the key opens the primary from the other host alone, and its SSH server is known there', async () => {
    const keys = await onHost(one, 'cat ~gravity-sync/.ssh/authorized_keys')
    expect(keys).toContain(`from="${hosts[1]!.address}",restrict ssh-ed25519 `)
    const { hostKeys } = hosts[0]!
    const own = hostKeys.find(key => key.startsWith('ssh-ed25519'))
    expect(await onHost(two, 'cat /etc/ssh/ssh_known_hosts')).toBe(`${hosts[0]!.address} ${own}\n`)
  })

  test('a second run changes nothing', async () => {
    const again = await play(site.path, v5)
    expect(again.code, story(again)).toBe(0)
    expect(inventoryCounts(again)).toEqual([unchanged, unchanged])
  })

  test('the timer carries changes of either side to the other', async () => {
    await onHost(one, 'echo newer > /etc/pihole/gravity.db')
    await onHost(two, 'systemctl start gravity-sync.service')
    expect(await lists(two)).toBe('newer\n')
    await onHost(two, 'echo newest > /etc/pihole/gravity.db; systemctl start gravity-sync.service')
    expect(await lists(one)).toBe('newest\n')
  })

  // Gravity Sync exits with 0 when it gives up.
  test('exit code 0 of one that gave up is a failure: of the run, and of the timer', async () => {
    await onHost(one, 'mv /etc/sudoers.d/gravity-sync /root/')
    expect(await onHost(two, '/usr/local/bin/gravity-sync compare; echo "exit $?"')).toMatch(
      /exited after.*\nexit 0\n$/,
    )
    expect((await lab.exec(two, 'systemctl start gravity-sync.service')).code).not.toBe(0)
    await onHost(
      one,
      'mv /root/gravity-sync /etc/sudoers.d/; rm ~gravity-sync/.ssh/authorized_keys; usermod -s /bin/false gravity-sync',
    )
    const run = await play(site.path, v5)
    expect(run.code, 'what a run can mend it mends').toBe(0)
    await onHost(
      two,
      'rm -r /etc/gravity-sync/gravity-sync.md5; sed -i "s/gravity-sync.rsa/not-there/" /usr/local/bin/gravity-sync; mv /etc/pihole /etc/pihole-away',
    )
    const failed = await lab.exec(two, '/etc/gravity-sync/run pull')
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('it gave up')])
    await onHost(two, 'mv /etc/pihole-away /etc/pihole')
  })

  test('one that runs in a pod is refused, with the other way', async () => {
    await onHost(one, read('ftl.sh'))
    expect(await refusal(v5, one)).toMatch(/runs in a pod .*nebula-sync\.yml/s)
    await onHost(one, 'systemctl stop lab-pihole-pod')
  })
})

describe('two Pi-holes of version 6', () => {
  const log = (host: string) => onHost(host, 'cat /run/lab-pihole-api.log')
  const sync = () => lab.exec(one, 'systemctl start nebula-sync.service')

  test('two of version 5 are refused, with the other way', async () => {
    for (const host of both)
      await onHost(
        host,
        'cat > /usr/local/lib/web.pl; systemd-run --quiet --collect --unit=lab-web perl /usr/local/lib/web.pl',
        webOf5,
      )
    expect(await refusal(v6, one)).toContain('playbooks/gravity-sync.yml')
    for (const host of both) await onHost(host, 'systemctl stop lab-web')
  })

  test('Gravity Sync refuses them, with the other way', async () => {
    await onHost(one, `cat > /run/v6.sh <<'END'\n${read('v6.sh')}\nEND\nchmod 700 /run/v6.sh`)
    await onHost(two, `cat > /run/v6.sh <<'END'\n${read('v6.sh')}\nEND\nchmod 700 /run/v6.sh`)
    await onHost(one, `/run/v6.sh lists-of-6 ${apiPassword}`, read('v6-api.pl'))
    await onHost(two, `/run/v6.sh old-lists ${apiPassword}`, read('v6-api.pl'))
    expect(await refusal(v5, two)).toMatch(/version 6.*nebula-sync\.yml/s)
  })

  test('a check, then a run that makes them equal, with the password in one file alone', async () => {
    const check = await play(site.path, v6, '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    const run = await play(site.path, v6, '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run).filter(line => !line.includes('/handlers/'))).toEqual([])
    expect(await lists(two)).toBe('lists-of-6\n')
    expect(await onHost(one, 'stat -c "%a %U" /etc/nebula-sync/nebula-sync.env')).toBe('600 root\n')
    expect([check.stdout, run.stdout].join().includes(apiPassword)).toBe(false)
    const found = await lab.exec(
      one,
      `journalctl --no-pager | grep -c ${apiPassword}; grep -rl ${apiPassword} /etc /run/systemd/system /opt /var/lib 2>/dev/null | sort`,
    )
    expect(found.stdout).toBe('0\n/etc/nebula-sync/nebula-sync.env\n/etc/pihole/lab-password\n')
    expect(await onHost(one, 'systemctl show nebula-sync -p DynamicUser --value')).toBe('yes\n')
  })

  test('a second run changes nothing, and syncs nothing: an import restarts DNS on the replica', async () => {
    const before = await log(two)
    const again = await play(site.path, v6)
    expect(again.code, story(again)).toBe(0)
    expect(inventoryCounts(again)).toEqual([unchanged, unchanged])
    const since = (await log(two)).slice(before.length)
    expect(since).not.toContain('teleporter')
  })

  test('every session is given back: they are few', async () => {
    for (let i = 0; i < 3; i++) expect((await sync()).code).toBe(0)
    for (const host of both) {
      const said = await log(host)
      expect(said.match(/^POST \/api\/auth$/gm)?.length).toBe(said.match(/^DELETE \/api\/auth$/gm)?.length)
    }
  })

  test('a wrong password is told by what the log says, and the next run mends it', async () => {
    const wrong = siteWith({ pihole_password: 'wrong' })
    const run = await play(wrong.path, v6)
    expect(JSON.stringify(failureOf(run, one)), story(run)).toContain('401')
    wrong.remove()
    const mended = await play(site.path, v6)
    expect(mended.code, story(mended)).toBe(0)
    // Nothing differs here; but the last sync, the timer's, failed.
    await onHost(two, 'printf other > /etc/pihole/lab-password')
    expect((await sync()).code).not.toBe(0)
    const next = await play(site.path, v6)
    expect(failureOf(next, one)?.message, story(next)).toMatch(/did not finish: .*401/s)
  })
})

// What version 5 has on port 80: a web server that knows no such page.
const webOf5 = `use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 5, ReuseAddr => 1) or die;
while (my $c = $s->accept) { <$c>; print $c "HTTP/1.0 404 Not Found\\r\\n\\r\\n<html>Not Found</html>"; close $c }
`
