import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerLocally } from '../../src/cli/control.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import { localFile, localTree } from '../../src/questions/local.ts'
import { localDigest } from '../../src/questions/local-digest.ts'

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const { signal } = new AbortController()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitool-'))
  await mkdir(join(folder, 'a', 'b'), { recursive: true })
  await writeFile(join(folder, 'a', 'b', 'text'), 'hello')
  await chmod(join(folder, 'a', 'b', 'text'), 0o640)
  await symlink('b/text', join(folder, 'a', 'link'))
  await writeFile(join(folder, 'big'), Buffer.alloc(1024 * 1024 + 1, 7))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the control side', () => {
  it('tells a file with its content', async () => {
    const path = join(folder, 'a/b/text')
    const bytes = Buffer.from('hello')
    const file = { path, type: 'file', mode: '0640', size: 5, bytes, digest: sha256('hello') }
    expect(await answerLocally(localFile(path), signal)).toEqual(file)
  })

  it('tells it anew once it was written again, even with its old length and times', async () => {
    const path = join(folder, 'again')
    await writeFile(path, 'one')
    const old = new Date(Date.now() - 60_000)
    // Old enough to be kept.
    await new Promise(done => setTimeout(done, 1100))
    for (const text of ['one', 'one', 'two', 'six']) {
      if (text !== 'one') await writeFile(path, text)
      if (text !== 'one') await utimes(path, old, old)
      expect(await answerLocally(localFile(path), signal)).toMatchObject({ bytes: Buffer.from(text) })
    }
  })

  it('tells a big one by its digest', async () => {
    const digest = sha256(Buffer.alloc(1024 * 1024 + 1, 7))
    const path = join(folder, 'big')
    expect(await answerLocally(localFile(path), signal)).toMatchObject({ digest, size: 1024 * 1024 + 1 })
    expect(await answerLocally(localFile(path), signal)).not.toHaveProperty('bytes')
    expect(await answerLocally(localDigest(path), signal)).toEqual({ digest, size: 1024 * 1024 + 1, path })
  })

  it('tells a folder, and all below it, folders first', async () => {
    const path = join(folder, 'a')
    expect(await answerLocally(localFile(path), signal)).toMatchObject({ type: 'directory' })
    expect(await answerLocally(localTree(path), signal)).toEqual({
      path,
      entries: [
        { path: 'b', type: 'directory', mode: expect.stringMatching(/^07/) },
        { path: 'b/text', type: 'file', mode: '0640' },
        { path: 'link', type: 'link', mode: '0777', target: 'b/text' },
      ],
    })
  })

  it('names what is not there', async () => {
    const path = join(folder, 'none')
    await expect(answerLocally(localFile(path), signal)).rejects.toThrow(Failure)
    await expect(answerLocally(localTree(path), signal)).rejects.toThrow(Failure)
    expect(await answerLocally(localDigest(path), signal)).toBeNull()
  })
})
