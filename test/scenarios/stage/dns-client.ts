import { createSocket } from 'node:dgram'

/** Asks a DNS server again and again, as a client that minds every millisecond. */
export interface DnsClient {
  /** Milliseconds of the longest time without an answer since the last call; silence that lasts is counted up to now. */
  gap(): number
  answers(): number
  close(): void
}

export function askOften(server: string, every = 10): DnsClient {
  const socket = createSocket('udp4')
  let last = performance.now()
  let longest = 0
  let answered = 0
  const note = () => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  socket.on('message', () => {
    answered++
    note()
  })
  // Nobody there: that is what is measured.
  socket.on('error', () => undefined)
  const timer = setInterval(() => socket.send(query, 53, server, () => undefined), every)
  return {
    gap() {
      note()
      const found = longest
      longest = 0
      return Math.round(found)
    },
    answers: () => answered,
    close() {
      clearInterval(timer)
      socket.close()
    },
  }
}

/** The address of `localhost`, recursion wanted. */
const query = Buffer.concat([
  Buffer.from('504901000001000000000000', 'hex'),
  Buffer.from('\x09localhost\0', 'latin1'),
  Buffer.from('00010001', 'hex'),
])
