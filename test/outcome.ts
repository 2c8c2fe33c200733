import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** A test that failed, or a file that could not even be loaded; `file` is empty for an error that no file owns. */
export interface Broken {
  readonly file: string
  readonly test: string
  readonly why: string
}

/** What one run of vitest came to. */
export interface Outcome {
  readonly passed: number
  readonly skipped: number
  readonly broken: readonly Broken[]
}

/** Keeps the outcome in the file that `PITOOL_OUTCOME` names. */
export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const kept = process.env.PITOOL_OUTCOME
    if (kept) writeFileSync(kept, JSON.stringify(outcomeOf(modules, unhandled)))
  }
}

function outcomeOf(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Outcome {
  const tests = modules.flatMap(module => [...module.children.allTests()])
  const suites = modules.flatMap(module => [module, ...module.children.allSuites()])
  const inState = (state: string) => tests.filter(test => test.result().state === state)
  return {
    passed: inState('passed').length,
    skipped: inState('skipped').length,
    broken: [
      ...suites.flatMap(suite => {
        const test = 'fullName' in suite ? suite.fullName : ''
        return suite.errors().map(error => broken(suite.type === 'module' ? suite : suite.module, test, error))
      }),
      ...inState('failed').map(test => broken(test.module, test.fullName, test.result().errors?.[0])),
      ...unhandled.map(error => ({ file: pathOf(error), test: 'an error that no test caught', why: textOf(error) })),
    ],
  }
}

const broken = (module: TestModule, test: string, error: Pick<SerializedError, 'message'> | undefined): Broken => ({
  file: relative(process.cwd(), module.moduleId),
  test,
  why: textOf(error),
})

function pathOf(error: SerializedError): string {
  const path: unknown = error.VITEST_TEST_PATH
  return typeof path === 'string' ? relative(process.cwd(), path) : ''
}

const textOf = (error: Pick<SerializedError, 'message'> | undefined) => error?.message ?? 'no reason given'
