import { copyFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import { bootId, nodes, onHost, serverUp, until } from './stage/cluster.ts'
import { changeTrials } from './targets/changes.ts'
import { questionTrials } from './targets/questions.ts'
import { type Ground, type Refused, served, type Target, targets } from './targets/trial.ts'
import { Way } from './targets/way.ts'

// Every kind of question and of change on every kind of host: it works there, or is refused with reason and cure.
const nameOf = (target: Target) => `target-${target}`

let web: Server
let url = ''
const hosts = new Map<Target, LabHost>()

beforeAll(async () => {
  for (const target of targets) await lab.up(1, { names: [nameOf(target)], suite: target })
  await lab.reset(targets.map(nameOf))
  for (const target of targets) hosts.set(target, await lab.host(nameOf(target)))
  // A server each, so that the kinds of k3s have something to do.
  for (const target of targets) if (target !== 'busybox') await serve(target)
  web = createServer((_, response) => response.end(served))
  await new Promise<void>(resolve => web.listen(0, hosts.get('bookworm')!.address.replace(/\d+$/, '1'), resolve))
  const { address, port } = web.address() as AddressInfo
  url = `http://${address}:${port}/served`
})
afterAll(async () => {
  web?.close()
  await lab.down(targets.map(nameOf))
})

/** What is wrong with a refusal, or with there being none; nothing when it is as told. */
function unlike(target: Target, told: Refused, refused: Diagnostic | undefined): string | undefined {
  const code = told[target]
  if (refused === undefined) return code === undefined ? undefined : `not refused, but ${code} was told`
  const said = `${refused.code}: ${refused.message} (${refused.cause ?? ''}) [${refused.hint ?? 'no cure'}]`
  return refused.code === code && refused.hint ? undefined : said
}

// Debian's is dash; the others become /bin/sh there. busybox has its own.
const shellsOf = (target: Target) => (target === 'busybox' ? ['busybox'] : ['dash', 'busybox', 'bash'])

/** A change wants a fresh host, so each is tried by one shell a target; `PITOOL_TARGETS=full` tries all of them. */
const carriersOf = (target: Target) => {
  if (process.env.PITOOL_TARGETS === 'full') return shellsOf(target)
  return [{ bookworm: 'dash', trixie: 'bash', busybox: 'busybox' }[target]]
}

describe.each(targets)('on %s', target => {
  const answers = new Map<string, unknown>()
  const ground = (): Ground => ({ target, host: hosts.get(target)!, url, answer: kind => answers.get(kind) })
  let worn = false

  async function ask(): Promise<readonly string[]> {
    const way = new Way(hosts.get(target)!)
    const trials = Object.entries(questionTrials).map(([kind, trial]) => ({ kind, ...trial(ground()) }))
    const came = await way.ask(trials.map(({ question }) => question))
    await way.close()
    return trials.flatMap(({ kind, refused, holds }, i) => {
      const one = came[i]!
      if ('answer' in one) answers.set(kind, one.answer)
      const told = unlike(target, refused, 'refused' in one ? one.refused : undefined)
      const untrue = 'answer' in one && !holds(one.answer) ? JSON.stringify(one.answer) : undefined
      return [told, untrue].flatMap(what => (what === undefined ? [] : `${kind}: ${what}`))
    })
  }

  test.each(shellsOf(target))('every question is answered, or refused with reason and cure, by %s', async shell => {
    await makeShell(target, shell)
    expect(await ask()).toEqual([])
  })

  test.each(carriersOf(target))('every change is made, or refused with reason and cure, by %s', async shell => {
    if (worn) await renew(target)
    await makeShell(target, shell)
    if (worn) expect(await ask()).toEqual([])
    worn = true
    const { name } = hosts.get(target)!
    const way = new Way(hosts.get(target)!)
    const wrong: string[] = []
    for (const [kind, trial] of Object.entries(changeTrials)) {
      const { change, done, refused } = trial(ground())
      const before = kind === 'reboot' ? await bootId(name) : ''
      const told = unlike(target, refused, await way.carry(change))
      if (told) wrong.push(`${kind}: ${told}`)
      if (refused[target] !== undefined) continue
      if (kind === 'reboot') await until('it has booted again', 60, async () => hasBooted(name, before))
      const ran = await lab.exec(name, done)
      if (ran.code !== 0) wrong.push(`${kind}: it is not done: ${ran.stdout}${ran.stderr}`)
    }
    await way.close().catch(() => undefined)
    expect(wrong).toEqual([])
  })
})

/** The host as it was before the first change. */
async function renew(target: Target): Promise<void> {
  await lab.reset([nameOf(target)])
  hosts.set(target, await lab.host(nameOf(target)))
  await serve(target)
}

async function serve(target: Target): Promise<void> {
  serverUp(nameOf(target))
  await until('its node is ready', 30, async () => (await nodes(nameOf(target))).some(({ ready }) => ready))
}

/** That program is the host's /bin/sh from now on. */
async function makeShell(target: Target, shell: string): Promise<void> {
  const host = hosts.get(target)!
  if (target === 'busybox') return
  if (shell === 'busybox') copyFileSync(`${hosts.get('busybox')!.root}/bin/busybox`, `${host.root}/usr/bin/busybox`)
  await onHost(host.name, `ln -sf ${shell} /bin/sh.new && mv -f /bin/sh.new /bin/sh && readlink /bin/sh`)
}

async function hasBooted(name: string, before: string): Promise<boolean> {
  const ran = await lab.exec(name, 'cat /proc/sys/kernel/random/boot_id')
  return ran.code === 0 && ran.stdout.trim() !== before
}
