import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { chooseToken } from '../../../src/modules/k3s/agent-token.ts'
import { tokenForm } from '../../../src/modules/k3s/token.ts'

const hash = '7ca6'.repeat(16)
const server = `K10${hash}::server:0123456789abcdef`
const short = 'abc123.0123456789abcdef'
const bootstrap = `K10${hash}::${short}`
const elsewhere = `K10${'aaaa'.repeat(16)}::${short}`

describe('the form of a token', () => {
  it.each([
    [server, { form: 'server', caHash: hash }],
    [`K10${hash}::node:x`, { form: 'server', caHash: hash }],
    [bootstrap, { form: 'bootstrap', caHash: hash }],
    [short, { form: 'bootstrap' }],
    ['just-a-password', { form: 'password' }],
  ])('%s', (token, form) => expect(tokenForm(token)).toEqual(form))
  it.each([
    '',
    ' ',
    'a b',
    `${server}\n${server}`,
    'K10abc::server:x',
    `K10${hash}`,
    `K10${hash}::server`,
    `K10${hash}::server:`,
  ])('malformed: %j', token => expect(tokenForm(token)).toHaveProperty('malformed'))
})

describe('the token that the file is to hold', () => {
  const text = (choice: ReturnType<typeof chooseToken>) =>
    'failed' in choice
      ? choice.failed.code
      : String(choice.token instanceof Secret ? choice.token.reveal() : choice.token)
  it.each([
    ['nothing given keeps what is there', null, server, true, server],
    ['nothing given and nothing there fails', undefined, undefined, false, 'k3s-malformed-token'],
    ['nothing given and an empty one there fails', undefined, '', false, 'k3s-malformed-token'],
    ['a new host takes what is given', bootstrap, undefined, false, bootstrap],
    ['one that never joined takes the new one', bootstrap, server, false, bootstrap],
    ['a joined one is not restarted for a short-lived token', bootstrap, server, true, server],
    [
      'nor for another short-lived one',
      bootstrap,
      `K10${hash}::zzz999.0123456789abcdef`,
      true,
      `K10${hash}::zzz999.0123456789abcdef`,
    ],
    ["… unless it is another cluster's", elsewhere, server, true, elsewhere],
    ['… or its own is malformed', bootstrap, 'K10x', true, bootstrap],
    ["the server's own token replaces a short-lived one", server, bootstrap, true, server],
    ['a malformed one touches nothing', 'K10x', server, true, 'k3s-malformed-token'],
  ])('%s', (_, given, kept, joined, wanted) => {
    const secret = (token: string | null | undefined) => (typeof token === 'string' ? new Secret(token) : token)
    expect(
      text(chooseToken({ given: secret(given), kept: kept === undefined ? undefined : new Secret(kept), joined })),
    ).toBe(wanted)
  })
})
