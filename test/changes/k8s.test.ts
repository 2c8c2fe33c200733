import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyObject, k8sApplyKind } from '../../src/changes/k8s-apply.ts'
import { deleteObject, k8sDeleteKind } from '../../src/changes/k8s-delete.ts'
import { k8sScaleKind, scaleObject } from '../../src/changes/k8s-scale.ts'
import { section } from '../questions/section.ts'
import { runScript, shells } from '../questions/shells.ts'
import { inFolder } from './law.ts'

const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'media' }
const text = `{"it's":"100%"}`
const apply = (seen: string) => applyObject({ ref, manifest: text, digest: 'd', seen, becomes: {}, fields: [] })
const scale = (before: number | undefined) => scaleObject({ ref, replicas: 3, before, becomes: {} })

/** What k3s is called with, a word a line, and what it reads; `kubectl get` prints what is there now. */
function calls(shell: readonly string[], script: string, now: string) {
  return inFolder(folder => {
    const k3s = `#!/bin/sh\nprintf '%s\\n' "$@" >> ${folder}/log\ncase $2 in get) printf '%s' '${now}' ;; apply) cat > ${folder}/read ;; esac\n`
    writeFileSync(`${folder}/k3s`, k3s)
    chmodSync(`${folder}/k3s`, 0o755)
    const { code } = runScript(shell, script, { env: { PATH: `${folder}:${process.env.PATH}` } })
    const read = existsSync(`${folder}/read`) ? readFileSync(`${folder}/read`, 'utf8') : undefined
    return { code, read, words: readFileSync(`${folder}/log`, 'utf8').trim().split('\n') }
  })
}

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  it('a manifest is applied by its own bytes, to what the plan saw alone', () => {
    const done = calls(shell, k8sApplyKind.carry(apply('u1/4')).script, 'u1/4')
    expect([done.code, done.read]).toEqual([0, text])
    expect(done.words).toEqual(expect.arrayContaining(['apply', '--server-side', '--namespace=media']))
    expect(done.words).not.toContain('--dry-run=server')
    for (const now of ['u2/1', 'u1/5', '']) {
      const other = calls(shell, k8sApplyKind.carry(apply('u1/4')).script, now)
      expect([other.code, other.read]).toEqual([91, undefined])
    }
    expect(calls(shell, k8sApplyKind.carry(apply('')).script, '').code).toBe(0)
    expect(calls(shell, k8sApplyKind.carry(apply('')).script, 'u1/').code).toBe(91)
  })
  it('a kind is waited for, since what comes next may be of it', () => {
    const at = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'dbs.x.y' }
    const { words } = calls(shell, k8sApplyKind.carry({ ...apply(''), ref: at }).script, '')
    expect(words.slice(words.indexOf('wait'))).toContain('--for=condition=Established')
  })
  it('a deletion is of the object that was seen', () => {
    const script = k8sDeleteKind.carry(deleteObject({ ref, uid: 'u1', fields: [] })).script
    expect(calls(shell, script, 'u1').words).toContain('delete')
    expect(calls(shell, script, 'u2').code).toBe(91)
  })
  it('a number is set from the one that was seen', () => {
    const { code, words } = calls(shell, k8sScaleKind.carry(scale(1)).script, '1')
    expect(code).toBe(0)
    expect(JSON.parse(words[words.indexOf('-p') + 1]!)).toEqual({ spec: { replicas: 3 } })
    expect(calls(shell, k8sScaleKind.carry(scale(1)).script, '2').code).toBe(91)
    expect(calls(shell, k8sScaleKind.carry(scale(undefined)).script, '').code).toBe(0)
  })
})

describe('what goes wrong', () => {
  const explained = (code: number, said: string) => k8sApplyKind.explain?.(section('', said, code), apply(''))
  it('is told', () => {
    expect(explained(91, '')?.code).toBe('changed-underneath')
    expect(explained(1, 'Error from server (NotFound): namespaces "media" not found')?.code).toBe('not-found')
    expect(explained(1, 'Error from server (Invalid): x is invalid')?.code).toBe('refused')
  })
})

describe('what is shown', () => {
  it('has the object and its fields', () => {
    expect(k8sApplyKind.diff(apply(''))).toMatchObject({
      subject: 'Deployment media/web',
      summary: 'make Deployment media/web',
    })
    expect(k8sApplyKind.diff(apply('u/1')).summary).toBe('change Deployment media/web')
    expect(k8sScaleKind.diff(scale(1)).facets).toEqual([{ name: 'spec.replicas', before: '1', after: '3' }])
  })
})
