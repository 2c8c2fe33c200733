import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/scenarios/**', 'test/lab/**', 'node_modules/**'],
    testTimeout: 60_000,
    // Many wait for a connection or a limit of time: on two processors one would often stand still.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
