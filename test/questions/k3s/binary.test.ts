import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Shadow } from '../../../src/core/shadow.ts'
import { Unknown } from '../../../src/core/unknown.ts'
import { k3sBinaryKind } from '../../../src/questions/k3s/binary.ts'
import { runScript, shells } from '../shells.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitool-binary-'))
afterAll(() => rmSync(folder, { recursive: true }))

function program(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

const text = '#!/bin/sh\necho "k3s version v1.30.4+k3s1 (98262b5d)"\necho "go version go1.22.5"\n'
const good = program("it's k3s", text)
const broken = program('broken', 'half a fi')

describe.each(shells)('in %s %s', (...shell) => {
  const words = shell.filter((word): word is string => word !== undefined)
  it('tells version and digest of what is there', () => {
    const args = [
      { path: good, digest: true },
      { path: good, digest: false },
      { path: broken, digest: false },
      { path: join(folder, 'none'), digest: true },
    ]
    const digest = createHash('sha256').update(text).digest('hex')
    expect(k3sBinaryKind.parse(runScript(words, k3sBinaryKind.sh(args)), args)).toEqual([
      { version: 'v1.30.4+k3s1', exists: true, digest },
      { version: 'v1.30.4+k3s1', exists: true },
      { version: '', exists: true },
      { version: '', exists: false },
    ])
  })
})

it('is unknown while its installation is only planned', () => {
  const shadow = new Shadow()
  shadow.files.set(good, { type: 'file' })
  expect(k3sBinaryKind.predict?.(shadow, { path: good, digest: false }, undefined)).toBeInstanceOf(Unknown)
})
