import fc from 'fast-check'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const holding = (address: string, holds: boolean) =>
  `ip address del ${address}/32 dev lo 2>/dev/null || :${holds ? `; ip address add ${address}/32 dev lo` : ''}`

export const sharedAddress: Cases = {
  module: 'shared_address',
  cluster: ({ server, free }) =>
    fc.record({ here: fc.boolean(), there: fc.boolean(), stable: fc.constantFrom(0, 0.3) }).map(
      ({ here, there, stable }): Trial => ({
        found: holding(free, here),
        served: holding(free, there),
        tasks: [
          {
            name: 'one',
            shared_address: { address: free, hosts: ['host', server], stable, timeout: 1, sleep: 0.2 },
            register: 'r',
            ignore_errors: true,
          },
        ],
        // Only a run can watch it for a while, and only where somebody has it there is nothing to wait for.
        always: ['one'],
      }),
    ),
  answers: fc
    .record(
      {
        address: fc.constantFrom('198.18.0.5', '10.0.0.1'),
        hosts: fc.subarray(['h1', 'h2', 'h3'], { minLength: 1 }),
        not: fc.constantFrom('h1', 'elsewhere'),
        stable: fc.constantFrom(0, 2),
      },
      { requiredKeys: ['address', 'hosts'] },
    )
    .map(args => ({ args, answers: {} })),
  readOnly: true,
}
