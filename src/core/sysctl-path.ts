import { Failure } from './diagnostic.ts'

/** `net.ipv4.ip_forward` and `net/ipv4/conf/eth0.1/rp_filter` as paths: whichever separator comes first is the one. */
export function sysctlPath(name: string): string {
  const slashes = name.indexOf('/')
  const dots = name.indexOf('.')
  const byDots = slashes < 0 || (dots >= 0 && dots < slashes)
  const swap = (char: string) => (char === '.' ? '/' : '.')
  if (name.split('/').includes('..')) {
    const message = `not a kernel parameter: ${JSON.stringify(name.slice(0, 80))}`
    throw new Failure({ code: 'refused', message, hint: 'write it as `net.ipv4.ip_forward`' })
  }
  return `/proc/sys/${byDots ? name.replace(/[./]/g, swap) : name}`
}
