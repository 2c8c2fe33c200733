import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HostState } from '../../src/engine/host.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import { type Sshd, sshdIsThere, startSshd } from '../transport/sshd.ts'

/** The lock is its shell's: who finds that shell gone may take it. */
describe.skipIf(!sshdIsThere)('a run whose shell is killed', () => {
  let sshd: Sshd
  let state: HostState
  beforeAll(async () => {
    sshd = await startSshd()
    state = new HostState(
      'n1',
      createDialer(() => sshd.target()),
      new AbortController().signal,
    )
  })
  afterAll(async () => {
    await state?.drop()
    await sshd?.stop()
  })

  const frame = async (script: string) => (await state.shell({})).frame([script], { timeout: 1 })

  test.each([
    ['in the middle of a frame', () => frame('kill -KILL $$').catch(() => undefined)],
    ['by a time-out', () => frame('sleep 5').catch(() => undefined)],
    ['while it has nothing to do', idle],
  ])('%s holds the lock no more, and holds it again when it has taken it again', async (_, kill) => {
    await frame(':')
    state.hold({})
    expect(state.holds('')).toBe(true)
    await kill()
    expect(state.holds('')).toBe(false)
    await frame(':')
    expect(state.holds('')).toBe(false)
    state.hold({})
    expect(state.holds('')).toBe(true)
    await frame(':')
    expect(state.holds('')).toBe(true)
  })

  async function idle(): Promise<void> {
    const shell = await state.shell({})
    await shell.frame(['( sleep 0.2; kill -KILL $$ ) >/dev/null 2>&1 &'])
    const end = Date.now() + 5000
    while (state.holds('') && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 20))
  }
})
