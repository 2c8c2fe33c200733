import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from '../cli/bundled.ts'
import { type LabHost, lab } from '../lab/lab.ts'

const root = resolve(import.meta.dirname, '../..')
const k3s = process.env.PITOOL_LAB_K3S ?? join(root, 'test/lab/k3s/k3s')
/** The stand-in of it, or the real one. */
const installer = process.env.PITOOL_LAB_K3S_INSTALL ?? join(root, 'test/lab/k3s/install.sh')
const [server, worker] = ['join-srv', 'join-w1'] as const
const playbook = join(root, 'playbooks/join-worker.yml')
let made = { path: '', remove: () => {} }

beforeAll(async () => {
  await bundled()
  const hosts = await lab.up(2, { names: [server, worker] })
  execFileSync(join(root, 'test/lab/k3s/server-up.sh'), [server], { stdio: 'pipe', timeout: 300_000 })
  made = project({
    'inventory/hosts.yml': inventory(hosts),
    'agent.yml': agentPlay,
    'labels.yml': labelsPlay,
    'reboot.yml': '- hosts: workers\n  become: true\n  tasks: [{ reboot: { force: true } }]\n',
  })
})
afterAll(async () => {
  made.remove()
  unbundle()
  await lab.down([server, worker])
})

function inventory([srv, w1]: readonly LabHost[]): string {
  return `all:
  vars:
    user: pi
    private_key_file: ${lab.keyFile}
    known_hosts_file: ${lab.knownHostsFile}
    node_dns: [9.9.9.9]
    node_labels: { hardware: pi3, memory-class: low }
    k3s_install: file
    k3s_binary_src: ${k3s}
    preflight_min_disk_mb: 10
    preflight_min_memory_mb: 10
    join_timeout: 50
  children:
    server: { hosts: { ${server}: { host: ${srv!.address} } } }
    workers: { hosts: { ${worker}: { host: ${w1!.address} } } }
`
}

const agentPlay = `- hosts: workers
  become: true
  vars:
    url: 'https://{{lookup hostvars groups.server.[0] "host"}}:6443'
  tasks:
    - k3s_agent:
        url: '{{url}}'
        token: '{{default token omit}}'
        install: '{{default install "file"}}'
        script_src: '{{default script omit}}'
        extra_args: '{{default more omit}}'
        binary_src: '{{k3s_binary_src}}'
        join_timeout: '{{join_timeout}}'
      register: joined
`
const labelsPlay = `- hosts: workers
  become: true
  tasks:
    - node_labels: { labels: { hardware: pi3 }, node: '{{default node omit}}' }
`

const play = (name: string, ...more: readonly string[]) => pitool(['play', name, ...more], { cwd: made.path })
const on = async (host: string, script: string) => (await lab.exec(host, script)).stdout.trim()
const ready = () =>
  on(server, `k3s kubectl get node ${worker} -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null`)
const pid = () => on(worker, 'systemctl show -p MainPID --value k3s-agent')

/** As after a fresh image: nothing of k3s is left, and the cluster does not know the host. */
async function forget(): Promise<void> {
  await lab.reset([worker])
  await on(
    server,
    `k3s kubectl delete node ${worker} 2>/dev/null || :; k3s kubectl -n kube-system delete secret ${worker}.node-password.k3s 2>/dev/null || :`,
  )
}

describe('a worker', () => {
  it('is checked before it joins: the check passes on a fresh host and changes nothing', async () => {
    await forget()
    const { code, stdout } = await play(playbook, '--check')
    expect(code, stdout).not.toBe(1)
    expect(stdout).toContain('known after apply')
    expect(stdout).toMatch(/failed=0/)
    expect(
      await on(
        worker,
        'ls /usr/local/bin/k3s /etc/systemd/system/k3s-agent.service 2>/dev/null; cat /boot/firmware/cmdline.txt',
      ),
    ).not.toMatch(/k3s|cgroup/)
  })

  it('joins: prepared, rebooted, Ready, labelled', async () => {
    const before = await on(worker, 'cat /proc/sys/kernel/random/boot_id')
    const { code, stdout } = await play(playbook)
    expect(code, stdout).toBe(0)
    expect(await ready()).toBe('True')
    expect(await on(worker, 'cat /proc/sys/kernel/random/boot_id')).not.toBe(before)
    expect(await on(worker, 'cat /boot/firmware/cmdline.txt')).toMatch(/^\S.* cgroup_memory=1 cgroup_enable=memory$/)
    expect(await on(worker, 'cat /etc/resolv.conf')).toContain('nameserver 9.9.9.9')
    const labels = await on(server, `k3s kubectl get node ${worker} --show-labels`)
    for (const label of ['hardware=pi3', 'memory-class=low', 'node-role.kubernetes.io/worker=worker'])
      expect(labels).toContain(label)
    expect(await on(worker, 'stat -c %a /etc/systemd/system/k3s-agent.service.env')).toBe('600')
  })

  it('is left alone by the second run, which restarts nothing', async () => {
    const before = await pid()
    const { code, stdout } = await play(playbook)
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/changed=0 failed=0/)
    expect(await pid()).toBe(before)
  })

  it('has its token nowhere but in its file', async () => {
    const token = (
      await on(worker, 'sed -n "s/^K3S_TOKEN=\'\\(.*\\)\'/\\1/p" /etc/systemd/system/k3s-agent.service.env')
    ).trim()
    const secret = token.slice(token.lastIndexOf('.') + 1)
    expect(secret).toMatch(/^[a-z0-9]{16}$/)
    for (const host of [server, worker]) {
      const found = await on(
        host,
        `{ journalctl --no-pager -o cat; cat /var/log/*.log; ps -eo args; } 2>/dev/null | grep -v grep | grep -cF ${secret} || :`,
      )
      expect(found, host).toBe('0')
    }
    const files = await on(
      worker,
      `grep -rlF ${secret} /etc /run /tmp /var/tmp /home /root /var/lib/pitool 2>/dev/null || :`,
    )
    expect(files).toBe('/etc/systemd/system/k3s-agent.service.env')
  })

  it('that serves is not rebooted, cordoned it is', async () => {
    const refused = await play('reboot.yml')
    expect(refused.code).not.toBe(0)
    expect(refused.stdout).toContain('reboot-refused')
    await on(server, `k3s kubectl cordon ${worker}`)
    const { code, stdout } = await play('reboot.yml')
    await on(server, `k3s kubectl uncordon ${worker}`)
    expect(code, stdout).toBe(0)
  })

  it.each([
    ['stopped', () => on(worker, 'systemctl stop k3s-agent'), /start k3s-agent/],
    ['deleted on the server', () => on(server, `k3s kubectl delete node ${worker}`), /restart k3s-agent/],
    [
      'written but not restarted by a killed run',
      () =>
        on(
          worker,
          'mkdir -p /run/pitool; { cat /proc/sys/kernel/random/boot_id; echo killed; } > /run/pitool/restart-required.k3s-agent',
        ),
      /restart k3s-agent/,
    ],
  ])('%s comes back', async (_, harm, said) => {
    await harm()
    const { code, stdout } = await play('agent.yml')
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(said)
    expect(await ready()).toBe('True')
    expect((await play('agent.yml')).stdout).toMatch(/changed=0 failed=0/)
  })

  it("by k3s' own installer: joined, at rest, and one more run after its unit changed", async () => {
    await forget()
    const args = ['agent.yml', '-e', 'install=script', '-e', `script=${installer}`] as const
    const token = await on(server, 'cat /var/lib/rancher/k3s/server/node-token')
    writeFileSync(join(made.path, 'token.json'), JSON.stringify({ token }), { mode: 0o600 })
    const checked = await play(...args, '-e', '@token.json', '--check')
    expect(checked.code, checked.stdout).toBe(0)
    const first = await play(...args, '-e', '@token.json')
    expect(first.code, first.stdout).toBe(0)
    expect(await ready()).toBe('True')
    expect(await on(worker, 'ls /usr/local/bin/k3s-agent-uninstall.sh /usr/local/bin/k3s-killall.sh')).toContain(
      'killall',
    )
    expect(await on(worker, 'stat -c %a /etc/systemd/system/k3s-agent.service.env')).toBe('600')
    const running = await pid()
    const again = await play(...args)
    expect(again.stdout).toMatch(/changed=0 failed=0/)
    expect(await pid()).toBe(running)
    const more = JSON.stringify({ more: ['--kubelet-arg=max-pods=20'] })
    const other = await play(...args, '-e', more)
    expect(other.code, other.stdout).toBe(0)
    expect(await on(worker, 'systemctl cat k3s-agent')).toContain('max-pods=20')
    expect(await on(worker, 'grep -c ^K3S_TOKEN= /etc/systemd/system/k3s-agent.service.env')).toBe('1')
    expect(await on(worker, `journalctl --no-pager -o cat | grep -cF ${token.slice(-12)} || :`)).toBe('0')
    // Installers from before July 2022 wrote `exec`: no drift.
    await on(worker, 'sed -i s/^Type=notify/Type=exec/ /etc/systemd/system/k3s-agent.service; systemctl daemon-reload')
    expect((await play(...args, '-e', more)).stdout).toMatch(/changed=0 failed=0/)
    expect(await on(worker, 'grep -c ^Type=exec /etc/systemd/system/k3s-agent.service')).toBe('1')
  })

  it('is named with its nodes when there is none of the name', async () => {
    const { stdout } = await play('labels.yml', '-e', 'node=join-w9')
    expect(stdout).toContain('node-not-found')
    expect(stdout).toContain(`did you mean ${worker}`)
  })
})
