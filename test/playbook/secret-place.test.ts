import { describe, expect, test } from 'vitest'
import type { Schema } from '../../src/core/schema.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { modules } from '../../src/modules/index.ts'
import { misplacedSecrets, takesSecret } from '../../src/playbook/args/secret-place.ts'
import { coerceArgs } from '../../src/playbook/index.ts'

const canary = new Secret('canary-in-an-argument')

/** Every argument of every module that can hold a text, alone or in a list. */
const texts = modules.flatMap(({ name, args }) =>
  Object.entries((args as Schema).properties ?? {}).flatMap(([key, schema]): [string, string, Value, Schema][] => {
    const list = schema.type === 'array'
    return [[name, key, list ? [canary] : canary, list ? (schema.items ?? {}) : schema]]
  }),
)

describe('a secret in an argument', () => {
  test('of every module is either taken as one, or refused; none becomes part of a text', () => {
    expect(texts.length).toBeGreaterThan(150)
    for (const [module, key, value, schema] of texts) {
      const spec = modules.find(({ name }) => name === module)!
      const found = misplacedSecrets(spec.args as Schema, { [key]: value })
      expect(found.length > 0, `${module}: ${key}`).toBe(!takesSecret(schema))
      expect(JSON.stringify(found)).not.toContain('canary')
    }
  })

  test.each<[string, Vars, string | Vars]>([
    ['a path', { path: canary }, "'path' takes no secret: programs and logs of the host would show it"],
    ['in a list', { list: ['a', canary] }, "'list[1]' takes no secret: programs and logs of the host would show it"],
    ['a content', { content: canary }, { content: canary }],
    ['of any kind', { any: { deep: [canary] } }, { any: { deep: [canary] } }],
    ['a number', { port: new Secret('5432') }, { port: 5432 }],
    ['a truth value', { force: new Secret('true') }, { force: true }],
    ['a word of a list', { state: new Secret('present') }, { state: 'present' }],
  ])('%s', (_, values, wanted) => {
    const args = {
      type: 'object',
      properties: {
        path: { type: 'string' },
        list: { type: 'array', items: { type: 'string' } },
        content: { type: 'string', secret: true },
        any: {},
        port: { type: 'integer' },
        force: { type: 'boolean' },
        state: { enum: ['present', 'absent'] },
      },
    } as const satisfies Schema
    const coerced = coerceArgs({ name: 'thing', args }, values)
    if (typeof wanted === 'string')
      expect(coerced).toMatchObject({ problems: [{ message: wanted, code: 'wrong-value' }] })
    else expect(coerced).toEqual({ args: wanted })
  })
})
