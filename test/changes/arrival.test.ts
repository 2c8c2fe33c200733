import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { downloadFile, type FileDownload } from '../../src/changes/file-download.ts'
import { type FileUpload, fileUploadKind, uploadFile } from '../../src/changes/file-upload.ts'
import { shells } from '../questions/shells.ts'
import { carry } from './law.ts'

const root = mkdtempSync(join(tmpdir(), 'pitool-arrival-'))
afterAll(() => rmSync(root, { recursive: true }))

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 256))
const digest = createHash('sha256').update(content).digest('hex')
const release = join(root, 'release')
mkdirSync(release)
writeFileSync(join(release, 'k3s-arm64'), content)
writeFileSync(
  join(release, 'sums.txt'),
  `${'0'.repeat(64)}  k3s\n${digest}  k3s-arm64\n${'0'.repeat(64)} *k3s-arm64.tar\n`,
)
writeFileSync(join(release, 'wrong.txt'), `${'0'.repeat(64)}  k3s-arm64\n`)
const url = `file://${release}/k3s-arm64`
const sums = { url: `file://${release}/sums.txt`, name: 'k3s-arm64' }

const hasCurl = spawnSync('curl', ['--version']).status === 0

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('in %s', (name, shell) => {
  const folder = join(root, name.replaceAll(' ', '-'), "it's here")
  const path = join(folder, 'k3s')
  beforeEach(() => rmSync(folder, { recursive: true, force: true }))
  const left = () => readdirSync(folder).sort()

  describe('a file that is sent', () => {
    const change = (more: Partial<FileUpload> = {}) =>
      uploadFile({ path, from: '/x', digest, size: content.length, mode: '0755', what: 'k3s', ...more })
    const send = (sent: FileUpload, input: Buffer, before = '') => {
      const [command, ...args] = shell
      return spawnSync(command!, [...args, '-c', `set -e\n${before}\n${fileUploadKind.carry(sent).script}`], { input })
    }
    it('arrives byte for byte, with its mode, and leaves nothing beside it', () => {
      expect(send(change(), content)).toMatchObject({ status: 0 })
      expect(readFileSync(path).equals(content)).toBe(true)
      expect(statSync(path).mode & 0o7777).toBe(0o755)
      expect(left()).toEqual(['k3s'])
    })
    it('sweeps what a killed run left beside it, and nothing else', () => {
      mkdirSync(folder, { recursive: true })
      const [command, ...args] = shell
      const killed = `set -e\n${fileUploadKind.carry(change()).script.replace('cat >"$new"', () => 'kill -KILL $$; cat >"$new"')}`
      spawnSync(command!, [...args, '-c', killed])
      expect(left()).toEqual([expect.stringMatching(/^\.pitool-[0-9a-f]+-[0-9a-f]+$/)])
      writeFileSync(join(folder, '.pitool-of-another'), '')
      expect(send(change(), content)).toMatchObject({ status: 0 })
      expect(left()).toEqual(['.pitool-of-another', 'k3s'])
    })
    it('is not taken when it was cut on the way; the old one stays', () => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(path, 'old')
      const { status, stderr } = send(change(), content.subarray(0, 1000))
      const section = { stdout: Buffer.from(''), stderr, code: status!, truncated: false }
      expect(fileUploadKind.explain?.(section, change())?.code).toBe('change-failed')
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(left()).toEqual(['k3s'])
    })
    it('is not taken when there is no room for all of it; the old one stays', () => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(path, 'old')
      // Blocks of 512 bytes, or of 1,024.
      const { status, stderr } = send(change(), content, "trap '' XFSZ 2>/dev/null || :; ulimit -f 100")
      expect(status).toBe(1)
      expect(stderr.toString()).toContain('could not be written whole')
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(left()).toEqual(['k3s'])
    })
    it('replaces what a link points at', () => {
      mkdirSync(folder, { recursive: true })
      symlinkSync(join(folder, 'real'), path)
      expect(send(change(), content).status).toBe(0)
      expect(readFileSync(join(folder, 'real')).equals(content)).toBe(true)
      expect(left()).toEqual(['k3s', 'real'])
    })
  })

  describe.runIf(hasCurl)('a file that the host fetches', () => {
    const change = (more: Partial<FileDownload>) => downloadFile({ path, url, mode: '0755', ...more })
    it.each([
      ['a pinned sum', { digest }],
      ["the release's sums", { sums }],
    ])('is taken by %s', (_, more) => {
      expect(carry(shell, change(more)).diagnostic).toBeUndefined()
      expect(readFileSync(path).equals(content)).toBe(true)
      expect(statSync(path).mode & 0o7777).toBe(0o755)
      expect(left()).toEqual(['k3s'])
    })
    it.each([
      ['another pinned sum', { digest: '1'.repeat(64) }, 'k3s-digest'],
      ['another sum in the release', { sums: { ...sums, url: `file://${release}/wrong.txt` } }, 'k3s-digest'],
      ['sums that lack it', { sums: { ...sums, name: 'k3s-riscv' } }, 'k3s-digest'],
      ['no sums', { sums: { ...sums, url: `file://${release}/none.txt` } }, 'k3s-download'],
      ['no file', { digest, url: `file://${release}/none` }, 'k3s-download'],
    ])('is refused for %s, and the old one stays', (_, more, code) => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(path, 'old')
      const { diagnostic } = carry(shell, change(more))
      expect(diagnostic?.code).toBe(code)
      expect(diagnostic?.hint).toMatch(/\w/)
      expect(readFileSync(path, 'utf8')).toBe('old')
      expect(left()).toEqual(['k3s'])
    })
  })
})
