import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/core/module.ts'
import type { Value } from '../../src/core/value.ts'
import { user } from '../../src/modules/user.ts'
import { lab } from '../lab/lab.ts'
import { carryAll, planReal } from '../modules/real.ts'

const host = 'accounts-1'
const shell = lab.shell(host)

beforeAll(async () => {
  await lab.up(1, { names: [host] })
  await lab.reset([host])
})
afterAll(() => lab.down([host]))

/** In the order in which useradd and userdel write them; the home comes last. */
const bases = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'] as const
const wish = { name: 'ada', groups: ['audio'], shell: '/bin/bash', home: '/home/a lovelace' }

async function root(script: string): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(host, 'sh -s', `set -e\n${script}\n`)
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`)
  return stdout
}

/** All that there is of accounts, and what a run keeps of its own. */
const look = () =>
  root(
    `cd /etc; sort ${bases.join(' ')}; find /home /etc/*.lock /var/lib/pitool/accounts ! -type d -o -path '/home/*' 2>/dev/null | sort | xargs -d '\\n' ls -lnd --time-style=+ || :`,
  )

const keep = (where: string) => root(`mkdir -p /keep/${where}; cd /etc; cp -p ${bases.join(' ')} /keep/${where}`)

/** The bases up to one are those of the whole change, the others are as before it; the note is still there. */
const cut = (written: number, note: string) =>
  root(
    `cd /etc
${bases.map((base, i) => `cp -p /keep/${i < written ? 'after' : 'before'}/${base} ${base}`).join('\n')}
mkdir -p /var/lib/pitool/accounts; printf '%s\\n' '${note}' > /var/lib/pitool/accounts/ada`,
  )

type Args = { readonly [name: string]: Value }
const planned = (args: Args) => planReal(user, args, { shell }) as Plan

/** How many changes it took. */
async function run(args: Args): Promise<number> {
  const { failed, changes } = planned(args)
  expect(failed).toBeUndefined()
  expect(carryAll(shell, changes)).toBeUndefined()
  return changes.length
}

describe('an account that was cut short is finished by the next run', () => {
  it.each([...bases.keys(), bases.length].map(written => ({ written })))(
    'being made, after $written bases',
    async ({ written }) => {
      await root('userdel -r ada 2>/dev/null || :')
      await keep('before')
      await run(wish)
      const whole = await look()
      await keep('after')
      await root(`rm -rf '${wish.home}'`)
      await cut(written, 'add fresh')
      expect(await run(wish)).toBe(1)
      expect(await look()).toBe(whole)
      expect(await run(wish)).toBe(0)
    },
  )

  it('with half a home; and one in which somebody lives already stays', async () => {
    await root('userdel -r ada 2>/dev/null || :')
    await run(wish)
    const whole = await look()
    await root(`printf x > '${wish.home}/.bashrc'; chown 0:0 '${wish.home}'`)
    await cut(bases.length, 'add fresh')
    await run(wish)
    expect(await look()).toBe(whole)
    await root(`echo mine > '${wish.home}/diary'`)
    await cut(bases.length, 'add fresh')
    await run(wish)
    expect(await root(`cat '${wish.home}/diary'`)).toBe('mine\n')
  })

  it('that has had a password since is no longer ours to make anew', async () => {
    await root(`userdel -r ada 2>/dev/null || :; useradd -u 4711 ada; printf '%s\\n' 'ada:$6$x$y' | chpasswd -e`)
    await root(`mkdir -p /var/lib/pitool/accounts; echo 'add fresh' > /var/lib/pitool/accounts/ada`)
    await run({ name: 'ada', shell: '/bin/sh' })
    expect(await root('getent passwd ada; getent shadow ada | cut -d: -f2; ls /var/lib/pitool/accounts')).toBe(
      'ada:x:4711:4711::/home/ada:/bin/sh\n$6$x$y\n',
    )
  })

  it.each([...bases.keys(), bases.length].map(written => ({ written })))(
    'being removed with its home, after $written bases',
    async ({ written }) => {
      await root('userdel -r ada 2>/dev/null || :')
      await run(wish)
      const uid = (await root('id -u ada')).trim()
      await keep('before')
      await root(`cp -a '${wish.home}' /keep/home`)
      const gone = { name: 'ada', state: 'absent', remove: true }
      await run(gone)
      const whole = await look()
      await keep('after')
      await root(`mv /keep/home '${wish.home}'`)
      await cut(written, `remove ${uid} ${wish.home}`)
      expect(await run(gone)).toBe(1)
      expect(await look()).toBe(whole)
      expect(await run(gone)).toBe(0)
    },
  )

  it('its home still where it was', async () => {
    await root('userdel -r ada 2>/dev/null || :')
    await run({ name: 'ada' })
    const moved = { name: 'ada', home: '/srv/ada', move_home: true, groups: ['audio'] }
    await root(`usermod -d /srv/ada ada; echo mine > /home/ada/diary`)
    await root(`mkdir -p /var/lib/pitool/accounts; echo 'change /home/ada' > /var/lib/pitool/accounts/ada`)
    await run(moved)
    expect(await root('cat /srv/ada/diary; id -nG ada; ls /home /var/lib/pitool/accounts | grep ada || :')).toBe(
      'mine\nada audio\n',
    )
    expect(await run(moved)).toBe(0)
    await root('userdel -r ada')
  })
})

it('a home that belongs to another is told before the account is gone', async () => {
  await root('useradd -M -d /srv ada')
  expect(planned({ name: 'ada', state: 'absent', remove: true }).failed).toMatchObject({
    code: 'refused',
    message: expect.stringContaining('/srv, belongs to root'),
  })
  await run({ name: 'ada', state: 'absent' })
  expect(await root('getent passwd ada || echo gone')).toBe('gone\n')
})
