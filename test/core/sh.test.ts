import { describe, expect, test } from 'vitest'
import { printBytes, quote } from '../../src/core/sh.ts'
import { runScript, shells } from '../questions/shells.ts'

const texts = [
  '',
  '-',
  '- a list\n- of YAML\n',
  '--',
  '-n',
  '%s%%\\n\\',
  "it's",
  '\n',
  '\0\0-\0',
  'ü\r\n',
  '$HOME `id` "q"',
]

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  test.each(texts)('%j is printed as it is', text => {
    expect(runScript(shell, printBytes(text)).stdout.toString()).toBe(text)
  })

  test('so is every byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(Uint8Array.from(runScript(shell, printBytes(bytes)).stdout)).toEqual(bytes)
  })

  test.each(texts.filter(text => !text.includes('\0')))('%j is one word', text => {
    expect(runScript(shell, `printf '%s' ${quote(text)}`).stdout.toString()).toBe(text)
  })
})
