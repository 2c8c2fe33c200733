/** Stands between the program and the lab's proxy and turns one bit of one byte, once. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Direction } from '../lab/proxy.ts'

export interface Meddler {
  readonly port: number
  /** Flips a bit of the byte that comes after `count` more. */
  corruptAfterBytes(direction: Direction, count: number): void
  /** Forgets what was ordered. */
  calm(): void
  close(): Promise<void>
}

export async function startMeddler(port: number): Promise<Meddler> {
  const left: Record<Direction, number> = { up: -1, down: -1 }
  const sockets = new Set<Socket>()
  const pass = (direction: Direction, from: Socket, to: Socket) => {
    from.on('data', data => {
      const at = left[direction]
      if (at >= 0 && at < data.length) data[at] = data[at]! ^ 4
      if (at >= 0) left[direction] = at - data.length
      to.write(data)
    })
    from.on('end', () => to.end())
    from.on('error', () => to.resetAndDestroy())
    from.on('close', () => to.destroySoon())
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, client => {
    const onward = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    for (const socket of [client, onward]) sockets.add(socket)
    pass('up', client, onward)
    pass('down', onward, client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    corruptAfterBytes: (direction, count) => {
      left[direction] = count
    },
    calm: () => {
      left.up = -1
      left.down = -1
    },
    close: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
