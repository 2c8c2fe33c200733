import { readFileSync } from 'node:fs'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { bootId, freshHosts, invocation, k3sProgram, nodes, onHost, serverUp } from './stage/cluster.ts'
import { bundled, countsOf, type Played, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const server = 'ki-server'
const worker = 'ki-worker'
const unit = '/etc/systemd/system/k3s-agent.service.env'
const join = ['playbooks/join.yml']

let hosts: readonly LabHost[]
let site: Site

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts([server, worker])
  serverUp(server, { status: 300 })
  site = makeSite({ 'inventory/hosts.yml': inventory({}), 'playbooks/join.yml': playbook })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, worker])
})

const playbook = [
  {
    name: 'Join',
    hosts: 'workers',
    become: true,
    roles: ['cgroups', 'reboot_if_needed', 'k3s_agent', 'node_labels'],
  },
]

function inventory(env: Readonly<Record<string, string>>): object {
  return inventoryOf(hosts, {
    groups: { server: [server], workers: [worker] },
    vars: { k3s_install: 'file', k3s_binary_src: k3sProgram, k3s_env: env, node_labels: { hardware: 'pi5' } },
  })
}

/** Watches a file of the worker from outside; gives back the moment it holds that text. */
async function written(file: string, text: string): Promise<void> {
  const path = `${hosts[1]!.root}${file}`
  for (const end = Date.now() + 60_000; Date.now() < end; await turn()) {
    try {
      if (readFileSync(path, 'utf8').includes(text)) return
    } catch {
      // It is being replaced.
    }
  }
  throw new Error(`${file} never held ${text}`)
}

/** Starts the play and kills it, past any clean-up, the moment the file holds the text. */
async function killedWhen(file: string, text: string): Promise<Played> {
  const running = startPlay(site.path, ...join)
  await written(file, text)
  running.child.kill('SIGKILL')
  return running.done
}

describe('the control side is killed', () => {
  test('between the command line and the reboot: the next run reboots', async () => {
    const before = await bootId(worker)
    const killed = await killedWhen('/boot/firmware/cmdline.txt', 'cgroup_enable=memory')
    expect(killed.signal).toBe('SIGKILL')
    await sleep(3000)
    expect(await bootId(worker), 'it was rebooted already: killed too late to prove anything').toBe(before)
    expect(await onHost(worker, 'ls /run/pitool')).toContain('reboot-required')

    const next = await play(site.path, ...join)
    expect(next.code, story(next)).toBe(0)
    expect(await bootId(worker)).not.toBe(before)
    expect((await nodes(server)).find(({ name }) => name === worker)).toMatchObject({ ready: true })
    expect(countsOf(await play(site.path, ...join), worker).changed).toBe(0)
  })

  test('between the environment file and the restart: the next run restarts the agent', async () => {
    expect((await play(site.path, ...join)).code).toBe(0)
    await onHost(worker, slowReload)
    const before = await invocation(worker)
    expect(before, 'the agent does not run').not.toBe('')
    site.write('inventory/hosts.yml', JSON.stringify(inventory({ HTTPS_PROXY: 'http://proxy.test:3128' })))
    const killed = await killedWhen(unit, 'proxy.test')
    // As logind does with KillUserProcesses: what the lost session left running ends with it.
    await onHost(worker, "pkill -KILL -f '^systemctl daemon-reload' ; pkill -KILL -u pi; pkill -KILL -x sudo; :")
    expect(killed.signal).toBe('SIGKILL')
    await sleep(3000)
    expect(await invocation(worker), 'it was restarted already: killed too late to prove anything').toBe(before)
    await onHost(worker, 'rm /etc/systemd/system-generators/slow')

    const check = await play(site.path, ...join, '--check')
    expect(countsOf(check, worker).changed, story(check)).toBe(1)
    const next = await play(site.path, ...join)
    expect(next.code, story(next)).toBe(0)
    expect(await invocation(worker)).not.toBe(before)
    expect(await onHost(worker, `cat ${unit}`)).toContain('proxy.test')
    const last = await play(site.path, ...join, '--check', '--detailed-exitcode')
    expect(last.code, story(last)).toBe(0)
  })

  // Makes `systemctl daemon-reload` take its time, so that there is a moment between the file and the restart.
  const slowReload = `mkdir -p /etc/systemd/system-generators
printf '#!/bin/sh\\nsleep 4\\n' >/etc/systemd/system-generators/slow
chmod 755 /etc/systemd/system-generators/slow`

  test('anywhere, again and again: the next whole run ends as it should', async () => {
    await onHost(server, `k3s kubectl delete node ${worker}`)
    hosts = await freshHosts([worker]).then(([fresh]) => [hosts[0]!, fresh!])
    for (const after of [500, 900, 1300, 2500, 5000]) {
      const running = startPlay(site.path, ...join, '--wait-lock', '20')
      await sleep(after)
      running.child.kill('SIGKILL')
      await running.done
    }
    const last = await play(site.path, ...join, '--wait-lock', '20')
    expect(last.code, story(last)).toBe(0)
    expect((await nodes(server)).find(({ name }) => name === worker)).toMatchObject({
      ready: true,
      labels: { hardware: 'pi5' },
    })
    const check = await play(site.path, ...join, '--check', '--detailed-exitcode')
    expect(check.code, story(check)).toBe(0)
    expect(await onHost(worker, 'find / -xdev -name ".pitool-*" -not -path "/proc/*"')).toBe('')
  })
})
