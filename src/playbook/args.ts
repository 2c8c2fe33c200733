export { type Coerced, coerceArgs } from './args/coerce.ts'
export type { Problem } from './args/problem.ts'
export { validateArgs } from './args/validate.ts'
