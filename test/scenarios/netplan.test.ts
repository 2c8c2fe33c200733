import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { onHost } from './stage/cluster.ts'
import { contradictions } from './stage/compare.ts'
import { bundled, countsOf, failureOf, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

// A host as Raspberry Pi OS 13 makes it: its connection is netplan's, its swap that of rpi-swap and zram-generator.
const name = 'pi3-worker-1'
const roles = ['swap_off', 'dns']
const wanted = 'nameserver 1.1.1.1\nnameserver 8.8.8.8\n'
const header = /^Filename[^\n]*\n$/

let host: LabHost
let site: Site

beforeAll(async () => {
  await bundled()
  host = (await lab.up(1, { names: [name], suite: 'raspios' }))[0]!
  await lab.reset([name])
  site = makeSite({
    'hosts.yml': inventoryOf([host]),
    'pitool.yml': 'inventory: hosts.yml\n',
    'prepare.yml': [{ hosts: 'all', become: true, roles, vars: { node_dns: ['1.1.1.1', '8.8.8.8'] } }],
  })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([name])
})

const netplanFiles = () => onHost(name, 'cd /etc/netplan; sha256sum *')
const connection = 'nmcli -g ipv4.dns,ipv4.addresses,ipv4.routes connection show netplan-eth0'
const addresses = () => onHost(name, 'ip -4 -o addr show eth0 | tr -s " " | cut -d" " -f4')
const task = (nmcli: object) => JSON.stringify([{ hosts: name, become: true, tasks: [{ nmcli }] }])

describe('netplan, rpi-swap and zram-generator', () => {
  test('the host is what it is said to be', async () => {
    expect(await onHost(name, 'nmcli -t -f NAME,FILENAME connection show --active')).toContain(
      'netplan-eth0:/run/NetworkManager/system-connections/netplan-eth0.nmconnection',
    )
    expect(await onHost(name, 'cat /proc/swaps')).toContain('/dev/zram0')
  })

  test('what makes a node ready: check, run, second run, and after another boot all is still there', async () => {
    const check = await play(site.path, 'prepare.yml', '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    expect(await onHost(name, 'ls /etc/netplan')).toBe('50-cloud-init.yaml\n')
    expect(await onHost(name, 'cat /proc/swaps')).toContain('/dev/zram0')
    const run = await play(site.path, 'prepare.yml', '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    for (const when of ['now', 'after another boot']) {
      if (when !== 'now') await lab.reboot(name)
      const yaml = await onHost(name, 'cat /etc/netplan/90-NM-*.yaml')
      expect(yaml, when).toMatch(/nameservers:\s+addresses:\s+- 1\.1\.1\.1\s+- 8\.8\.8\.8\n/)
      expect(await onHost(name, 'grep ^nameserver /etc/resolv.conf'), when).toBe(wanted)
      expect(await onHost(name, 'cat /proc/swaps'), when).toMatch(header)
      const again = await play(site.path, 'prepare.yml')
      expect(again.code, story(again)).toBe(0)
      expect(countsOf(again, name), story(again)).toMatchObject({ changed: 0 })
    }
  })

  test('what netplan would not keep is refused, and taken back', async () => {
    // Its own file has an address, to which another would only be added.
    const other = host.address.replace(/\d+$/, '249')
    site.write('away.yml', task({ ip4: [`${other}/24`] }))
    const before = [await onHost(name, connection), await addresses()]
    const run = await play(site.path, 'away.yml')
    expect(failureOf(run, name)).toMatchObject({
      code: 'change-failed',
      message: expect.stringContaining('netplan'),
      cause: expect.stringContaining(other),
      hint: expect.stringContaining('/etc/netplan'),
    })
    expect([await onHost(name, connection), await addresses()]).toEqual(before)
    expect(await onHost(name, 'cat /etc/netplan/*')).not.toContain(other)
  })

  test('a NetworkManager that does not know netplan would lose it at the next boot: refused in the check and the run', async () => {
    await lab.reset([name])
    // Debian's own, without what stands in for one that does.
    await onHost(
      name,
      `cd /usr/local && rm sbin/NetworkManager bin/nmcli bin/busctl && rm -r /etc/systemd/system/NetworkManager.service.d
      grep -q libnetplan /usr/sbin/NetworkManager; [ $? = 1 ]`,
    )
    await lab.reboot(name)
    site.write('dns.yml', task({ dns4: ['1.1.1.1'] }))
    const before = await netplanFiles()
    for (const args of [['--check'], []]) {
      const played = await play(site.path, 'dns.yml', ...args)
      expect(failureOf(played, name), story(played)).toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('netplan makes connection netplan-eth0 anew at each boot'),
        hint: expect.stringContaining('/etc/netplan'),
      })
    }
    expect(await netplanFiles()).toBe(before)
    // What netplan itself says is as good as any: nothing is left to wish.
    await onHost(
      name,
      `sed -i '/routes/a\\      nameservers: { addresses: [1.1.1.1] }' /etc/netplan/50-cloud-init.yaml`,
    )
    await lab.reboot(name)
    const right = await play(site.path, 'dns.yml')
    expect(countsOf(right, name), story(right)).toMatchObject({ changed: 0, failed: 0 })
  })
})
