/** `lab proxy`: runs one proxy until it is interrupted, and says where it listens. */
import { startProxy } from './proxy.ts'

const [host = '', port = '22', delay = '0', listen = '0'] = process.argv.slice(2)
const proxy = await startProxy({ host, port: Number(port), delayMs: Number(delay), listenPort: Number(listen) })
console.log(`127.0.0.1:${proxy.port} -> ${host}:${port}, ${delay} ms round trip`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => proxy.close())
