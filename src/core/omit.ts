import type { Value } from './value.ts'

/** What `omit` stands for: an argument with this value counts as not given. Told apart by identity alone. */
export const OMIT: Value = Object.freeze({ omit: 'this argument is left out' })
