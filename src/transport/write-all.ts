import type { Process } from './line.ts'

const piece = 256 * 1024

/** Writes as fast as the other side reads; returns early when the process is gone, which its reader reports. */
export async function writeAll(process: Process, text: string | Uint8Array): Promise<void> {
  const { stdin } = process
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length && stdin.writable; at += piece) {
    if (!stdin.write(bytes.subarray(at, at + piece))) await drained(process)
  }
}

async function drained({ stdin, ended }: Process): Promise<void> {
  let resume: () => void = () => undefined
  const drain = new Promise<void>(resolve => {
    resume = resolve
    stdin.once('drain', resume).once('close', resume)
  })
  await Promise.race([drain, ended])
  stdin.off('drain', resume).off('close', resume)
}
