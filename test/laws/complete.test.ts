import { expect, test } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import type { Cases } from './cases/cases.ts'
import { cases } from './cases/index.ts'
import { exempt } from './coverage.ts'
import { type Law, laws } from './rules/rule.ts'

const known = cases.map(({ module }) => module)

test('every module is put to the laws, once, in at least one way', () => {
  expect(modules.map(({ name }) => name).filter(name => !known.includes(name))).toEqual([])
  expect(known.filter(name => !modules.some(module => module.name === name))).toEqual([])
  expect(known.filter((name, i) => known.indexOf(name) !== i)).toEqual([])
  expect(cases.filter(({ scratch, answers, lab, cluster }) => !scratch && !answers && !lab && !cluster)).toEqual([])
})

/** Where the suites try a law. */
const tries: { readonly [law in Law]: (one: Cases) => unknown } = {
  L1: ({ scratch, lab, cluster }) => scratch ?? lab ?? cluster,
  L2: () => true,
  L3: () => true,
  L4: ({ scratch, answers, lab, cluster }) => scratch ?? answers ?? lab ?? cluster,
  L5: () => true,
  L6: () => true,
  L7: () => true,
  said: ({ scratch, lab, cluster }) => scratch ?? lab ?? cluster,
}

test.each(Object.keys(laws) as Law[])('%s is tried on every module, or it is said why not', law => {
  const untried = cases.filter(one => tries[law](one) === undefined || Object.hasOwn(exempt[law], one.module))
  expect(untried.map(({ module }) => module).sort()).toEqual(Object.keys(exempt[law]).sort())
  for (const why of Object.values(exempt[law])) expect(why.length).toBeGreaterThan(10)
})
