import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { printBytes } from '../../../src/core/sh.ts'
import { fileAnswer } from '../gen/answers.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const dest = '/opt/program'
const texts = ['one', 'two', ''] as const
const digests = texts.map(text => createHash('sha256').update(text).digest('hex'))

export const getUrl: Cases = {
  module: 'get_url',
  cluster: ({ downloads, texts }) =>
    fc
      .record({
        name: fc.constantFrom(...Object.keys(texts)),
        mode: fc.constantFrom('0644', '0755', 'u+x'),
        found: fc.option(fc.constantFrom(...Object.values(texts), 'something else'), { nil: undefined }),
        deep: fc.boolean(),
      })
      .map(({ name, mode, found, deep }): Trial => {
        const dest = deep ? '/law/new/folder/got' : '/law/got'
        const checksum = `sha256:${createHash('sha256').update(texts[name]!).digest('hex')}`
        return {
          found: found === undefined || deep ? ':' : `${printBytes(found)} >/law/got`,
          tasks: [{ name: 'one', get_url: { url: `${downloads}/${name}`, dest, checksum, mode }, register: 'r' }],
        }
      }),
  answers: fc
    .record({
      digest: fc.constantFrom(...digests),
      mode: fc.constantFrom('0644', '0755', 'u+x'),
      file: fileAnswer(dest, fc.constantFrom(...texts)),
    })
    .map(({ digest, mode, file }) => ({
      args: { url: 'https://192.0.2.9/program', dest, checksum: `sha256:${digest}`, mode },
      answers: { file },
    })),
}
