import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { freshHosts, k3sProgram, kubectl, nodes, onHost, serverUp } from './stage/cluster.ts'
import { contradictions } from './stage/compare.ts'
import { bundled, countsOf, play, story, unbundle } from './stage/pitool.ts'
import { exampleSite, type Site } from './stage/site.ts'

// A Debian 13 host, with the netplan and the swap of Raspberry Pi OS, beside a Debian 12 one, in one cluster.
const [server, bookworm, trixie] = ['pi-k3s', 'pi5-worker-1', 'pi3-worker-1'] as const
const workers = [bookworm, trixie]
const join = 'playbooks/join-worker.yml'
const prepare = 'playbooks/prepare-node.yml'
const rpiOff = '/etc/rpi/swap.conf.d/90-pitool.conf'
const swapUnits =
  'rpi-zram-writeback.timer rpi-zram-writeback.service rpi-resize-swap-file.service systemd-zram-setup@zram0.service'

let hosts: readonly LabHost[]
let site: Site

beforeAll(async () => {
  await bundled()
  hosts = [...(await freshHosts([server, bookworm])), ...(await lab.up(1, { names: [trixie], suite: 'raspios' }))]
  serverUp(server)
  site = exampleSite(hosts, { k3s_install: 'file', k3s_binary_src: k3sProgram })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, ...workers])
})

describe('bookworm and trixie', () => {
  test('check, run, second run and check: both join, and come to rest', async () => {
    const check = await play(site.path, join, '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    const run = await play(site.path, join, '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    const ready = (await nodes(server)).filter(node => node.ready).map(node => node.name)
    expect(ready).toEqual(expect.arrayContaining(workers))
    for (const args of [[], ['--check']]) {
      const again = await play(site.path, join, ...args)
      expect(again.code, story(again)).toBe(0)
      for (const host of workers) expect(countsOf(again, host), story(again)).toMatchObject({ changed: 0, unknown: 0 })
    }
  })

  test('trixie: the resolvers are those of its own connection, swap is off for good', async () => {
    for (const when of ['now', 'after another boot']) {
      if (when !== 'now') await lab.reboot(trixie)
      expect(await onHost(trixie, 'nmcli -g ipv4.dns connection show netplan-eth0'), when).toBe('1.1.1.1,8.8.8.8\n')
      expect(await onHost(trixie, 'grep ^nameserver /etc/resolv.conf'), when).toBe(
        'nameserver 1.1.1.1\nnameserver 8.8.8.8\n',
      )
      expect(await onHost(trixie, `cat ${rpiOff}`), when).toContain('Mechanism=none')
      const states = await onHost(trixie, `systemctl is-enabled ${swapUnits} || :`)
      expect(new Set(states.trim().split('\n')), when).toEqual(new Set(['masked']))
    }
    const again = await play(site.path, prepare, '--limit', trixie)
    expect(again.code, story(again)).toBe(0)
    expect(countsOf(again, trixie), story(again)).toMatchObject({ changed: 0 })
  })

  test('prepare-node.yml on a fresh one', async () => {
    await lab.reset([trixie])
    await kubectl(server, `delete node ${trixie}`)
    const check = await play(site.path, prepare, '--limit', trixie, '--check', '--diff')
    const run = await play(site.path, prepare, '--limit', trixie, '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    expect(countsOf(run, trixie).changed).toBeGreaterThan(2)
    const last = await play(site.path, prepare, '--limit', trixie, '--check')
    expect(countsOf(last, trixie), story(last)).toMatchObject({ changed: 0, unknown: 0, failed: 0 })
  })
})
