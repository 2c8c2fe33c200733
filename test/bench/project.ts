import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Step } from './step.ts'

/** Writes the files that the steps send: `files/` and `templates/` of a project. */
export async function writeSources(folder: string, steps: readonly Step[]): Promise<void> {
  await mkdir(join(folder, 'files'), { recursive: true })
  await mkdir(join(folder, 'templates'), { recursive: true })
  for (const step of steps) {
    if (step.kind === 'file') await writeFile(join(folder, 'files', step.name), step.text)
    if (step.kind === 'template') await writeFile(join(folder, 'templates', step.name), step.text)
    if (step.kind === 'tree') await writeTree(join(folder, 'files', step.name), step.count)
    if (step.kind === 'blob') await writeFile(join(folder, 'files', step.name), randomBytes(step.megabytes * 1_000_000))
  }
}

async function writeTree(folder: string, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const path = join(folder, `part-${number % 10}`, `file-${number}.txt`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `file ${number}\n`.repeat(20))
  }
}
