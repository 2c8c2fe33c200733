import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { bundle } from '../../../build.ts'

const root = resolve(import.meta.dirname, '../../..')
const folder = join(root, 'node_modules', '.cache', `pitool-struck-${process.pid}`)

/** The program as it ships, but for its shells. */
const standIn: Plugin = {
  name: 'struck-shell',
  setup(build) {
    build.onResolve({ filter: /\/open-shell\.ts$/ }, ({ importer }) =>
      importer.endsWith('/shell-opener.ts') ? { path: join(import.meta.dirname, 'struck-shell.ts') } : undefined,
    )
  },
}

export const struckProgram = join(folder, 'pitool.js')
export const buildStruck = () => bundle(folder, standIn)
export const dropStruck = () => rmSync(folder, { recursive: true, force: true })
