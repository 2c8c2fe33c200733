import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { Greeting } from '../../src/transport/greeting.ts'
import { type BecomeMethod, launchCommand, settleText } from '../../src/transport/launch.ts'
import { launchFailure, type Silence } from '../../src/transport/launch-failure.ts'
import { PromptDialogue } from '../../src/transport/prompt-dialogue.ts'
import { SudoDialogue } from '../../src/transport/sudo-dialogue.ts'

const words = { greeting: 'pitool-hello', prompt: 'pitool-prompt' }
const logins = ['/usr/bin/dash', '/usr/bin/bash', '/usr/bin/busybox', '/usr/bin/fish', '/usr/bin/tcsh', '/usr/bin/zsh']

describe('the launch', () => {
  test.each(logins.filter(existsSync))('by the login shell %s', program => {
    const args = program.endsWith('busybox') ? ['sh', '-c'] : ['-c']
    const input = `${settleText}echo "$LC_ALL" $$; ps -o pgid= -p $$ || :\n`
    const { stdout, stderr } = spawnSync(program, [...args, launchCommand(words)], { input, timeout: 5000 })
    const [hello, settled, group] = stdout.toString().trim().split('\n')
    const pid = hello!.split(' ')[1]
    expect(hello).toBe(`pitool-hello ${pid} ${pid}`)
    expect(settled).toBe(`C ${pid}`)
    if (group !== undefined) expect(group.trim()).toBe(pid)
    expect(stderr.toString()).toBe('pitool-hello\n')
  })

  test('of another user, without and with a password', () => {
    const plain = launchCommand(words, { user: 'root', method: 'sudo', password: false })
    expect(plain).toMatch(/^exec env LC_ALL=C sudo -n -H -u root -- sh -c '[^'!\n]*'$/)
    const asked = launchCommand(words, { user: 'a b', method: 'sudo', password: true })
    expect(asked).toMatch(/^exec env LC_ALL=C sudo -S -k -p pitool-prompt -H -u 'a b' -- sh -c '[^'!\n]*'$/)
    // No backslash before another: fish takes two for one.
    const terminal = launchCommand(words, { user: 'root', method: 'doas', password: true })
    expect(terminal).toMatch(/^exec sh -c '([^'!\n\\]|\\[$"])*' '[^'!\n\\]*' root pitool-prompt$/)
  })
})

test('a greeting is found in any noise, however it is cut', () => {
  const text = 'Welcome!\npitool-hell\npitool-hello 12 12\nrest'
  for (let cut = 0; cut <= text.length; cut++) {
    const greeting = new Greeting('pitool-hello')
    const rest = [text.slice(0, cut), text.slice(cut)].map(part => greeting.push(Buffer.from(part)).toString()).join('')
    expect([greeting.words, rest, greeting.noise]).toEqual([['12', '12'], 'rest', 'Welcome!\npitool-hell\n'])
  }
})

test('endless noise is not kept', () => {
  const greeting = new Greeting('pitool-hello')
  for (let i = 0; i < 1000; i++) greeting.push(Buffer.alloc(10_000, 'x'))
  expect(greeting.noise.length).toBeLessThan(10_000)
  greeting.push(Buffer.from('\npitool-hello 1 1\n'))
  expect(greeting.words).toEqual(['1', '1'])
})

describe('the dialogue with sudo', () => {
  const hear = (...said: readonly string[]) => {
    const dialogue = new SudoDialogue('PROMPT', new Secret('open sesame'))
    return said.map(text => {
      const reply = dialogue.hear('stderr', Buffer.from(text))
      return reply instanceof Secret ? reply.reveal() : reply
    })
  }
  test.each<[string, readonly string[], readonly (string | undefined)[]]>([
    ['the prompt', ['PROMPT'], ['open sesame\n']],
    ['the prompt in pieces, after a lecture', ['We trust you.\nPRO', 'MPT'], [undefined, 'open sesame\n']],
    ['no prompt of ours', ['Password: '], [undefined]],
    ['a second prompt', ['PROMPT', 'Sorry, try again.\n', 'PROMPT'], ['open sesame\n', undefined, 'wrong']],
    ['noise without end', ['x'.repeat(100_000), 'PROMPT'], [undefined, 'open sesame\n']],
  ])('%s', (_name, said, replies) => {
    expect(hear(...said)).toEqual(replies)
  })
})

describe('the dialogue with su and doas', () => {
  type Said = readonly ['stdout' | 'stderr', string]
  const hear = (password: Secret | undefined, said: readonly Said[]) => {
    const dialogue = new PromptDialogue('WORD', password)
    return said.map(([from, text]) => {
      const reply = dialogue.hear(from, Buffer.from(text))
      return reply instanceof Secret ? reply.reveal() : reply
    })
  }
  const given = new Secret('open sesame')
  test.each<[string, Secret | undefined, readonly Said[], readonly (string | undefined)[]]>([
    ['the prompt', given, [['stderr', 'WORD\nPassword: ']], ['open sesame\n']],
    [
      'on the other output, as busybox',
      given,
      [
        ['stdout', 'WORD\nPass'],
        ['stdout', 'word: '],
      ],
      [undefined, 'open sesame\n'],
    ],
    ['a prompt before our word', given, [['stderr', 'Password: ']], [undefined]],
    ['a text about passwords', given, [['stderr', 'WORD\nPassword: never\n']], [undefined]],
    [
      'a second prompt',
      given,
      [
        ['stderr', 'WORD\nPassword: '],
        ['stderr', '\nPassword: '],
      ],
      ['open sesame\n', 'wrong'],
    ],
    [
      'the prompt of doas',
      given,
      [
        ['stderr', 'WORD\n'],
        ['stderr', '\rdoas (pi@h1) password: '],
        ['stderr', '\r\ndoas: Authentication failed\n'],
      ],
      [undefined, 'open sesame\n', undefined],
    ],
    ['a prompt and no password', undefined, [['stderr', 'WORD\nPassword: ']], ['missing']],
  ])('%s', (_name, password, said, replies) => {
    expect(hear(password, said)).toEqual(replies)
  })
})

describe('why there is no shell', () => {
  const silence: Silence = { host: 'n1', user: 'pi', said: '', answered: false, seconds: 10 }
  const by = (method: BecomeMethod, password: boolean) => ({
    become: { user: 'root', method, password },
    ending: { code: 1 },
    answered: password,
  })
  const sudo = by('sudo', false)
  const given = by('sudo', true)
  test.each<[Partial<Silence>, string, RegExp]>([
    [{ ending: { code: 1 }, said: 'not available' }, 'no-shell', /exit code 1/],
    [{ ending: { signal: 'KILL' } }, 'no-shell', /signal KILL/],
    [{}, 'no-shell', /nothing for 10 s/],
    [{ ...sudo, said: 'sudo: a password is required' }, 'become-password-missing', /wants a password/],
    [{ ...given, said: 'sudo: 1 incorrect password attempt' }, 'become-password-wrong', /did not take/],
    [{ ...given, said: 'pi is not in the sudoers file.' }, 'become-failed', /cannot become root/],
    [{ ...sudo, said: 'sudo: sorry, you must have a tty to run sudo' }, 'become-failed', /sudo failed/],
    [{ ...sudo, said: 'sudo: unknown user: ghost' }, 'become-failed', /sudo failed/],
    [
      { ...sudo, ending: { code: 127 }, said: "env: 'sudo': No such file or directory" },
      'become-failed',
      /sudo failed/,
    ],
    [
      { ...sudo, ending: { code: 127 }, said: "env: can't execute 'sudo': No such file" },
      'become-failed',
      /sudo failed/,
    ],
    [{ ...by('su', true), said: 'su: Authentication failure' }, 'become-password-wrong', /su did not take/],
    [{ ...by('su', false), said: 'su: must be suid to work properly' }, 'become-failed', /su failed/],
    [
      {
        ...by('su', true),
        said: 'su: user ghost does not exist or the user entry does not contain all the required fields',
      },
      'become-failed',
      /su failed/,
    ],
    [{ ...by('su', true), said: 'su: Permission denied' }, 'become-failed', /su failed/],
    [
      { ...by('doas', false), said: 'doas: Authorization required' },
      'become-password-missing',
      /doas wants a password/,
    ],
    [
      { ...by('doas', false), said: 'doas: Authentication required' },
      'become-password-missing',
      /doas wants a password/,
    ],
    [{ ...by('doas', true), said: 'doas: Authentication failed' }, 'become-password-wrong', /doas did not take/],
    [
      { ...by('doas', true), answered: false, said: 'doas: no script to make a terminal' },
      'become-failed',
      /doas failed/,
    ],
    [{ ...by('doas', false), said: 'doas: /etc/doas.conf is not owned by root' }, 'become-failed', /doas failed/],
    [{ ...by('doas', false), said: 'doas: Operation not permitted' }, 'become-failed', /doas failed/],
    [{ ...by('doas', false), said: "env: 'doas': No such file or directory" }, 'become-failed', /doas failed/],
    [{ ending: { code: 1 }, said: 'This account is currently not available.' }, 'no-shell', /exit code 1/],
    [{ ...given, ending: undefined, said: 'One-time code: ' }, 'become-failed', /did not answer for 10 s/],
  ])('%o', (more, code, message) => {
    const { diagnostic } = launchFailure({ ...silence, ...more })
    expect(diagnostic).toMatchObject({ code, host: 'n1', message: expect.stringMatching(message) })
    expect(diagnostic.hint).toBeTruthy()
  })
})
