import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { labAvailable } from '../lab/lab.ts'

const available = labAvailable()
if (available !== true) console.log(`laws on booted hosts skipped: ${available}`)

// What takes longest begins first, so that nothing is left to wait for alone in the end.
const longest = [
  'cluster.lab',
  'footprints.lab',
  'killed.lab',
  'laws.lab',
  'killed.test',
  'laws.test',
  'plays.test',
  'garbled',
  'canaries',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex(part => moduleId.includes(`/${part}`))
      return at < 0 ? longest.length : at
    }
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

/** Both layers: on this machine and by answers, and on booted hosts of the lab. `npm run laws` runs it. */
export default defineConfig({
  test: {
    include: ['test/laws/**/*.test.ts', ...(available === true ? ['test/laws/**/*.lab.ts'] : [])],
    testTimeout: 20_000,
    hookTimeout: 600_000,
    // Hosts keep their suites waiting: there is work for one more than the usual machine has cores.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    globalSetup: available === true ? ['test/scenarios/setup.ts'] : [],
  },
})
