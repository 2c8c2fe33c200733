import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { serverTokenKind } from '../../../src/questions/k3s/token.ts'
import { section } from '../section.ts'

const hash = '7ca6'.repeat(16)
const token = `K10${hash}::server:5f3b2c`
const read = (version: string, text = token) =>
  serverTokenKind.parse(section(`k3s version ${version} (98262b5d)\n${text}\n`), [null])[0]!

describe("the server's token", () => {
  it('is a secret, with the hash of the CA', () => {
    const answer = read('v1.30.4+k3s1')
    expect(answer.token).toBeInstanceOf(Secret)
    expect(answer.token.reveal()).toBe(token)
    expect(answer.caHash).toBe(hash)
    expect(JSON.stringify(answer)).not.toContain('5f3b2c')
  })
  it.each([
    ['v1.21.3+k3s1', false],
    ['v1.25.9+k3s1', false],
    ['v1.26.0+k3s1', true],
    ['v1.30.4+k3s1', true],
  ])('%s makes short-lived ones: %s', (version, makes) => expect(read(version).makesTokens).toBe(makes))
  it.each([
    ['no-k3s', /not installed/],
    ['no-token', /no k3s server/],
    ['no-right', /only root/],
  ])('says why there is none: %s', (said, message) => {
    expect(() => serverTokenKind.parse(section('', said, 3), [null])).toThrow(message)
  })
  it('is not told by the failure when it is garbled', () => {
    const caught = (() => {
      try {
        return read('v1.30.4', 'garbled-secret')
      } catch (error) {
        return error as Error
      }
    })()
    expect(caught).toBeInstanceOf(Error)
    expect(JSON.stringify(caught) + String(caught)).not.toContain('garbled-secret')
  })
})
