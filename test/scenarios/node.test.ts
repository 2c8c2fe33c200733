import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from '../cli/bundled.ts'
import { type LabHost, lab } from '../lab/lab.ts'

const names = ['node-book', 'node-trix'] as const
const [bookworm, trixie] = names
let made = { path: '', remove: () => {} }

beforeAll(async () => {
  await bundled()
  const [first] = await lab.up(1, { names: [bookworm] })
  const [second] = await lab.up(1, { names: [trixie], suite: 'trixie' })
  const task = (text: string) => `- hosts: all\n  become: true\n  tasks:\n    - ${text}\n`
  made = project({
    'inventory/hosts.yml': inventory([first!, second!]),
    'swap.yml': task('swap: {}'),
    'dns.yml': task('nmcli: { dns4: [9.9.9.9, 1.1.1.1], dns4_ignore_auto: true, dns6_ignore_auto: true }'),
    'named.yml': task('nmcli: { conn_name: Wired connection 1, dns4: [9.9.9.9] }'),
    'away.yml': task(`nmcli: { ip4: [${first!.address.replace(/[0-9]+$/, '249')}/24] }`),
    'cmdline.yml': task('kernel_cmdline: { present: [cgroup_enable=memory] }'),
  })
})
afterAll(async () => {
  made.remove()
  unbundle()
  await lab.down([...names])
})

function inventory(hosts: readonly LabHost[]): string {
  const lines = hosts.map(({ name, address }) => `    ${name}: { host: ${address} }`)
  const vars = [`user: pi`, `private_key_file: ${lab.keyFile}`, `known_hosts_file: ${lab.knownHostsFile}`]
  return ['all:', '  hosts:', ...lines, '  vars:', ...vars.map(line => `    ${line}`), ''].join('\n')
}

const play = (name: string, ...more: readonly string[]) => pitool(['play', name, ...more], { cwd: made.path })
const on = async (host: string, script: string) => (await lab.exec(host, script)).stdout.trim()

describe.each(names)('%s', host => {
  it('gets its resolvers, whatever its connection is called, and keeps them', async () => {
    const check = await play('dns.yml', '--limit', host, '--check')
    expect(check.stdout).toContain('9.9.9.9')
    expect(await on(host, 'cat /etc/resolv.conf')).not.toContain('9.9.9.9')
    const { code, stdout } = await play('dns.yml', '--limit', host)
    expect(code, stdout).toBe(0)
    expect(await on(host, 'grep ^nameserver /etc/resolv.conf')).toBe('nameserver 9.9.9.9\nnameserver 1.1.1.1')
    expect((await play('dns.yml', '--limit', host)).stdout).toMatch(/changed=0 failed=0/)
    await lab.reboot(host)
    expect(
      await on(host, 'nmcli --wait 20 -g RUNNING general >/dev/null; sleep 2; grep ^nameserver /etc/resolv.conf'),
    ).toContain('9.9.9.9')
  })
  it('a profile that was changed behind our back but not applied is applied', async () => {
    await on(
      host,
      'nmcli -t -f UUID,DEVICE con show --active | sed -n "s/:eth0$//p" | { read -r u; nmcli con mod uuid "$u" ipv4.dns 8.8.4.4; nmcli dev reapply eth0; nmcli con mod uuid "$u" ipv4.dns 9.9.9.9,1.1.1.1; }',
    )
    expect(await on(host, 'grep ^nameserver /etc/resolv.conf')).toBe('nameserver 8.8.4.4')
    const { code, stdout } = await play('dns.yml', '--limit', host)
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/changed=1/)
    expect(await on(host, 'grep ^nameserver /etc/resolv.conf')).toContain('9.9.9.9')
  })
  it('its real command line is edited, and the decoy is not', async () => {
    const decoy = await on(host, 'sha256sum /boot/cmdline.txt')
    const { code, stdout } = await play('cmdline.yml', '--limit', host)
    expect(code, stdout).toBe(0)
    expect(await on(host, 'cat /boot/firmware/cmdline.txt')).toMatch(/^[^\n]* cgroup_enable=memory$/)
    expect(await on(host, 'sha256sum /boot/cmdline.txt')).toBe(decoy)
    expect(await on(host, 'ls /boot/firmware/cmdline.txt.pitool-*')).toMatch(/cmdline\.txt\.pitool-[0-9a-f]{8}$/)
    expect((await play('cmdline.yml', '--limit', host)).stdout).toMatch(/changed=0 failed=0/)
  })
})

it('a change that cuts a host off is taken back by itself, on disk and in force', async () => {
  const profile =
    'cat /etc/NetworkManager/system-connections/* /run/NetworkManager/system-connections/* /etc/netplan/* 2>/dev/null | grep -v timestamp | sha256sum'
  const addresses = 'ip -4 -o addr show eth0 | tr -s " " | cut -d" " -f4'
  const state = () => Promise.all(names.map(host => on(host, `${profile}; ${addresses}`)))
  const before = await state()
  const { code, stdout } = await play('away.yml')
  expect(code, stdout).not.toBe(0)
  await new Promise(resolve => setTimeout(resolve, 62_000))
  expect(await state()).toEqual(before)
  expect((await play('dns.yml')).stdout).not.toMatch(/changed=[^0]/)
})

describe('swap', () => {
  it('of dphys-swapfile goes for good', async () => {
    execFileSync(join(import.meta.dirname, '../lab/lab'), ['swap', bookworm])
    expect(await on(bookworm, 'systemctl is-enabled dphys-swapfile')).toBe('enabled')
    const { code, stdout } = await play('swap.yml', '--limit', bookworm)
    expect(code, stdout).toBe(0)
    expect(
      await on(bookworm, 'systemctl is-enabled dphys-swapfile; systemctl is-active dphys-swapfile; ls /var/swap 2>&1'),
    ).toMatch(/^disabled\ninactive\nls: cannot access/)
    expect((await play('swap.yml', '--limit', bookworm)).stdout).toMatch(/changed=0 failed=0/)
  })
  it('of rpi-swap goes for good, without dphys-swapfile being there', async () => {
    await on(
      trixie,
      `mkdir -p /etc/rpi; echo '[Main]' > /etc/rpi/swap.conf
printf '[Unit]\\n[Timer]\\nOnActiveSec=1d\\n[Install]\\nWantedBy=timers.target\\n' > /etc/systemd/system/rpi-zram-writeback.timer
printf '[Service]\\nExecStart=/bin/true\\n' > /etc/systemd/system/rpi-zram-writeback.service
mkdir -p /usr/lib/systemd/system; mv /etc/systemd/system/rpi-zram-writeback.* /usr/lib/systemd/system/; systemctl daemon-reload; systemctl enable --now rpi-zram-writeback.timer`,
    )
    const check = await play('swap.yml', '--limit', trixie, '--check')
    expect(check.stdout).toContain('90-pitool.conf')
    const { code, stdout } = await play('swap.yml', '--limit', trixie)
    expect(code, stdout).toBe(0)
    expect(await on(trixie, 'cat /etc/rpi/swap.conf.d/90-pitool.conf')).toContain('Mechanism=none')
    expect(await on(trixie, 'systemctl is-enabled rpi-zram-writeback.timer')).toBe('masked')
    expect(await on(trixie, 'cat /run/pitool/reboot-required')).toContain('swap was turned off')
    expect((await play('swap.yml', '--limit', trixie)).stdout).toMatch(/changed=0 failed=0/)
  })
})

it('the name that Trixie no longer has is answered with those it has', async () => {
  const { code, stdout } = await play('named.yml', '--limit', trixie)
  expect(code).not.toBe(0)
  expect(stdout).toContain('connection-not-found')
  expect(stdout).toContain('netplan-eth0')
})
