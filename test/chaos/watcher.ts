/** The process of `watch`: orders come as a line on its input; when that ends it prints what it saw. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Watched } from './plays.ts'
import type { Orders, Seen } from './watch.ts'

let orders: Orders | undefined
let ended = false
createInterface({ input: process.stdin })
  .on('line', line => {
    orders = JSON.parse(line) as Orders
  })
  .on('close', () => {
    ended = true
  })

const broken = new Set<string>()
let looks = 0
while (!ended) {
  for (const file of orders?.files ?? []) {
    looks += 1
    const wrong = wrongWith(orders!.root, file)
    if (wrong !== undefined) broken.add(`${file.path} ${wrong}`)
  }
  // Others need the processor as well.
  await sleep(2)
}
console.log(JSON.stringify({ looks, broken: [...broken] } satisfies Seen))

function wrongWith(root: string, { path, wholes, mayMiss }: Watched): string | undefined {
  const text = read(join(root, path))
  if (text !== undefined) return wholes.includes(text) ? undefined : `was seen with ${text.length} characters of none`
  // A host that is off has no files at all.
  if (mayMiss || !existsSync(join(root, 'etc/passwd')) || read(join(root, path)) !== undefined) return undefined
  return existsSync(join(root, 'etc/passwd')) ? 'was not there' : undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
