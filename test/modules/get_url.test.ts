import { describe, expect, it } from 'vitest'
import type { FileDownload } from '../../src/changes/file-download.ts'
import { getUrl } from '../../src/modules/get_url.ts'
import { type FileAnswer, fileDigest } from '../../src/questions/file.ts'
import { planWith, says } from './plan-with.ts'

const digest = 'ab'.repeat(32)
const dest = '/opt/program'
const args = { url: 'https://example.invalid/program', dest, checksum: `sha256:${digest.toUpperCase()}` }
const base: object = { path: dest, real: dest, parent: { path: '/opt', type: 'directory', missing: [] } }
const file = (more: object): FileAnswer =>
  ({ ...base, type: 'file', mode: '0644', owner: 'root', group: 'root', ...more }) as FileAnswer

describe('get_url', () => {
  const cases: readonly (readonly [string, object, object, string])[] = [
    ['no file', { ...base, type: 'absent' }, {}, 'file.download'],
    ['another file', file({ digest: 'cd'.repeat(32) }), {}, 'file.download'],
    ['the file', file({ digest }), {}, ''],
    ['the file, with another mode', file({ digest }), { mode: '0755' }, 'file.attrs'],
  ]
  it.each(cases)('%s', (_, found, more, kinds) => {
    const plan = planWith(getUrl, { ...args, ...more }, [says(fileDigest(dest), found as FileAnswer)])
    expect(plan.changes.map(({ kind }) => kind).join()).toBe(kinds)
    const fetched = plan.changes.find((change): change is FileDownload => change.kind === 'file.download')
    if (fetched) expect(fetched).toMatchObject({ digest, mode: '0644', url: args.url })
  })
  it('a folder in its place is left alone', () => {
    const plan = planWith(getUrl, args, [says(fileDigest(dest), file({ type: 'directory' }))])
    expect(plan.failed?.message).toContain('is no file')
  })
})
