// Serves a folder made by release.sh over HTTP, with the paths of k3s' releases on GitHub and of its channels:
//   npx tsx test/lab/k3s/mirror.ts --dir DIR [--address 127.0.0.1] [--port 0]
// prints the URL to give as INSTALL_K3S_MIRROR or GITHUB_URL.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

export interface MirrorOptions {
  dir: string
  /** Where to listen; loopback unless told. */
  address?: string
  /** 0, the default, lets the system choose. */
  port?: number
}

export interface Mirror {
  /** `http://ADDRESS:PORT/releases`: what the installer takes instead of GitHub's. */
  url: string
  /** `GET /path` of each request so far, in order. */
  requests: string[]
  close(): Promise<void>
}

export async function startMirror({ dir, address = '127.0.0.1', port = 0 }: MirrorOptions): Promise<Mirror> {
  const root = resolve(dir)
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    reply(root, request, response).catch(() => response.writableEnded || response.writeHead(500).end())
  })
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, address, done))
  const bound = server.address() as AddressInfo
  const close = async () => {
    const closed = new Promise<void>(done => server.close(() => done()))
    server.closeAllConnections()
    await closed
  }
  return { url: `http://${address}:${bound.port}/releases`, requests, close }
}

async function reply(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request)
  const channel = /^\/channels\/([a-z0-9.-]+)$/.exec(path)?.[1]
  if (channel !== undefined) return redirect(root, channel, response)
  if (path.startsWith('/releases/tag/')) return void response.writeHead(200).end('a release\n')
  const file = resolve(root, `.${path.replace(/^(\/k3s-io\/k3s)?\/releases\/download\//, '/')}`)
  const found = file.startsWith(root + sep) ? await stat(file).catch(() => undefined) : undefined
  if (!found?.isFile()) return void response.writeHead(404).end('Not Found\n')
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': found.size })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(file).pipe(response)
}

/** The channel named as a file in the folder, as `stable`, says its version; the answer is a redirect to its tag. */
async function redirect(root: string, channel: string, response: ServerResponse): Promise<void> {
  const version = await readFile(resolve(root, channel), 'utf8').catch(() => undefined)
  if (version === undefined) return void response.writeHead(404).end('no such channel\n')
  response.writeHead(302, { location: `/releases/tag/${version.trim()}` }).end()
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  try {
    return decodeURIComponent(path)
  } catch {
    return '/'
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { dir: { type: 'string' }, address: { type: 'string' }, port: { type: 'string' } },
  })
  if (values.dir === undefined) {
    process.stderr.write('usage: mirror.ts --dir DIR [--address ADDRESS] [--port PORT]\n')
    process.exit(2)
  }
  const mirror = await startMirror({ dir: values.dir, address: values.address, port: Number(values.port ?? 0) })
  process.stdout.write(`${mirror.url}\n`)
}
