import { describe, expect, it } from 'vitest'
import { journalCause, spoken } from '../../../src/modules/k3s/journal-causes.ts'

const line = (msg: string, level = 'error') => `time="2024-01-01T00:00:00Z" level=${level} msg="${msg}"`
const rejected =
  "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"

describe('what the journal of an agent says', () => {
  it.each([
    [
      'failed to retrieve configuration from server: https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized',
      'k3s-wrong-password',
    ],
    ['token CA hash does not match the Cluster CA certificate hash: aaaa != 7ca6', 'k3s-other-cluster'],
    [
      'Failed to validate connection to cluster at the configured server: token CA hash does not match the Cluster CA certificate hash: a != b',
      'k3s-other-cluster',
    ],
    ['invalid token format', 'k3s-malformed-token'],
    ['invalid token CA hash length', 'k3s-malformed-token'],
    ['failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF', 'k3s-unreachable'],
    [
      'failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": read tcp 127.0.0.1:1->127.0.0.1:6444: read: connection reset by peer',
      'k3s-unreachable',
    ],
    ['Only https:// URLs are supported for K3S_URL (have http://x)', 'k3s-unreachable'],
    [rejected, 'k3s-node-password'],
    [
      'CA cert validation failed: Get \\"https://x:6443/cacerts\\": tls: failed to verify certificate: x509: certificate is valid for 10.43.0.1, k3s, not x',
      'k3s-certificate',
    ],
    ['Get \\"https://x\\": x509: certificate signed by unknown authority', 'k3s-certificate'],
    ['x509: certificate has expired or is not yet valid: current time', 'k3s-certificate'],
    [
      "kubelet exited: failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/worker]",
      'k3s-label-refused',
    ],
    ['failed to find memory cgroup (v2)', 'k3s-join-timeout'],
  ])('%s → %s', (msg, code) => {
    const cause = journalCause([line('Starting k3s agent', 'info'), line(msg)])
    expect(cause?.code).toBe(code)
    expect(cause?.hint).toMatch(/\w{4}/)
    expect(cause?.persistent).toBe(false)
  })
  it('names nothing where nothing is wrong', () => {
    expect(journalCause([])).toBeUndefined()
    expect(
      journalCause([
        line('k3s agent is up and running', 'info'),
        line('Tunnel authorizer set Kubelet Port 10250', 'info'),
      ]),
    ).toBeUndefined()
  })
  it('a cause that is said again and again will stay', () => {
    const wrong = line('https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized')
    expect(journalCause([wrong, wrong])?.persistent).toBe(false)
    expect(journalCause([wrong, wrong, wrong])).toMatchObject({ persistent: true, seen: 3 })
  })
  it('a server that is only booting is given more time', () => {
    const away = line('failed to get CA certs: Get https://127.0.0.1:6444/cacerts: EOF')
    expect(journalCause([away, away, away])?.persistent).toBe(false)
    expect(journalCause(Array.from({ length: 8 }, () => away))?.persistent).toBe(true)
  })
  it('of several the last one counts: the first may have been cured', () => {
    const away = line('failed to get CA certs: EOF')
    expect(journalCause([away, away, away, away, line(rejected)])).toMatchObject({ code: 'k3s-node-password', seen: 1 })
  })
  it('reads its own quoting', () => {
    expect(spoken(line('Get \\"https://x\\": EOF'))).toBe('Get "https://x": EOF')
    expect(spoken('  plain line ')).toBe('plain line')
  })
})
