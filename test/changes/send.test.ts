import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FileSend, fileSendKind, sendFile } from '../../src/changes/file-send.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { shells } from '../questions/shells.ts'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 256))
const sum = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
const root = mkdtempSync(join(tmpdir(), 'pitool-send-'))

describe.each(shells.map(shell => [shell.join(' '), shell] as const))(
  'a large file that is sent, in %s',
  (name, shell) => {
    const folder = join(root, name.replaceAll(' ', '-'), "it's here")
    const path = join(folder, 'big')
    const change = (more: Partial<FileSend> = {}) =>
      sendFile({ path, real: path, from: '/x', digest: sum(content), size: content.length, expects: 'absent', ...more })
    const left = () => readdirSync(folder).sort()

    function send(sent: FileSend, input = content) {
      const [command, ...args] = shell
      const done = spawnSync(command!, [...args, '-c', `set -e\n${fileSendKind.carry(sent).script}`], { input })
      const section = { stdout: done.stdout, stderr: done.stderr, code: done.status ?? 255, truncated: false }
      return { code: section.code, said: fileSendKind.explain?.(section, sent)?.code, stderr: done.stderr.toString() }
    }
    beforeEach(() => {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
    })

    it('arrives byte for byte, as any new file', () => {
      expect(send(change())).toMatchObject({ code: 0, stderr: '' })
      expect(readFileSync(path).equals(content)).toBe(true)
      expect(statSync(path).mode & 0o7777).toBe(0o644)
      expect(left()).toEqual(['big'])
    })
    it('the old one stays where the disk is full', () => {
      const full = fileSendKind.carry(change({ expects: undefined })).script.replace('new=$h', 'new=/dev/full')
      writeFileSync(path, 'old')
      const [command, ...args] = shell
      const done = spawnSync(command!, [...args, '-c', `set -e\n${full}`], { input: content, encoding: 'utf8' })
      expect(done.status).not.toBe(0)
      expect(done.stderr).toContain('No space left')
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(left()).toEqual(['big'])
    })
    it('takes the place of what the plan saw, which is kept, with its mode', () => {
      writeFileSync(path, 'old', { mode: 0o640 })
      const kept = { mode: '0640', owner: 'root', group: 'root' }
      const sent = change({
        kept,
        expects: sum('old'),
        backup: `${path}.old~`,
        validate: 'test 300000 = $(wc -c < %s)',
      })
      expect(send(sent)).toMatchObject({ code: 0, stderr: '' })
      expect(readFileSync(path).equals(content)).toBe(true)
      expect(statSync(path).mode & 0o7777).toBe(0o640)
      expect(readFileSync(`${path}.old~`, 'utf8')).toBe('old')
    })
    it.each([
      ['it was changed underneath', { expects: sum('old') }, content, 'changed-underneath'],
      ['it has come meanwhile', { expects: 'absent' }, content, 'changed-underneath'],
      [
        'the new content is refused',
        { expects: undefined, validate: 'grep -q never %s' },
        content,
        'validation-failed',
      ],
      ['it was cut on the way', { expects: undefined }, content.subarray(0, 1000), 'change-failed'],
      ['its last byte is missing', { expects: undefined }, content.subarray(0, -1), 'change-failed'],
      ['more came than was planned', { expects: undefined }, Buffer.concat([content, content]), 'change-failed'],
    ])('the old one stays where %s', (_, more, input, code) => {
      writeFileSync(path, 'another')
      expect(send(change(more), input).said).toBe(code)
      expect(readFileSync(path, 'utf8')).toBe('another')
      expect(left()).toEqual(['big'])
    })
    it('nothing is left beside it where nobody hears any more that it failed', () => {
      const [command, ...args] = shell
      const text = `set -e\n${fileSendKind.carry(change()).script}`
      const deaf = ['-c', '{ sleep 0.2; "$@"; } 2>&1 >/dev/null | true', 'sh', command!, ...args, '-c', text]
      spawnSync('bash', deaf, { input: content.subarray(0, 1000) })
      expect(left()).toEqual([])
    })
    it('nothing is made where the folder is gone', () => {
      rmSync(folder, { recursive: true })
      expect(send(change()).code).not.toBe(0)
      expect(existsSync(folder)).toBe(false)
    })
  },
)

it('what it will be is foretold but for its content', () => {
  const shadow = new Shadow()
  fileSendKind.fold(
    shadow,
    sendFile({ path: '/b', real: '/b', from: '/x', digest: 'd', size: 1, mode: '0600', owner: 'pi' }),
  )
  expect(shadow.files.get('/b')).toMatchObject({ type: 'file', mode: '0600', owner: 'pi' })
  const { summary, facets } = fileSendKind.diff(sendFile({ path: '/b', real: '/b', from: '/x', digest: 'd', size: 1 }))
  expect([summary, facets]).toEqual([
    'create /b',
    [
      { name: 'sha256', before: '', after: 'd' },
      { name: 'mode', before: '', after: '0644' },
    ],
  ])
})
