import fc from 'fast-check'
import { expect, test } from 'vitest'
import { staticValue } from '../../src/language/index.ts'
import { Problems } from '../../src/playbook/problems.ts'
import { parseYaml } from '../../src/playbook/yaml/parse-yaml.ts'
import { load, mistakesIn, tasks } from './project-of.ts'

const words = [
  '- ',
  'hosts',
  'tasks',
  'roles',
  'block',
  'command',
  'copy',
  'when',
  'loop',
  'vars',
  'name',
  'notify',
  'args',
  'import_tasks',
  ': ',
  '\n',
  '  ',
  '    ',
  '[',
  ']',
  '{',
  '}',
  'x',
  '"{{x}}"',
  '1',
  'true',
  '~',
  '*a',
  '&a ',
  '|\n',
  '"',
  "'",
  'é',
  '\t',
  '#',
]
const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map(parts => parts.join(''))

test('whatever a playbook holds ends in a project or in mistakes with places', () => {
  fc.assert(
    fc.property(text, body => {
      for (const diagnostic of mistakesIn({ 'site.yml': `- hosts: all\n  tasks:\n    ${body}` })) {
        expect(diagnostic.message).not.toBe('')
        if (diagnostic.span) expect(diagnostic.span.end).toBeLessThanOrEqual(diagnostic.span.source.text.length)
      }
    }),
    { numRuns: 400 },
  )
})

test('every character of a scalar is mapped into its span', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('"', "'", '|\n  ', '>\n  ', ''),
      fc.array(fc.constantFrom('a', ' ', '\\n', "''", '\n  ', '\n\n  ', 'é', '{{', '\\u0041', '\\\n  '), {
        maxLength: 12,
      }),
      (open, parts) => {
        const close = open === '"' || open === "'" ? open : ''
        const source = { file: 'f', text: `a: ${open}${parts.join('')}${close}\n` }
        const node = parseYaml(source, new Problems())
        const scalar = node?.kind === 'map' ? node.entries[0]?.value : undefined
        if (scalar?.kind !== 'scalar' || typeof scalar.value !== 'string') return
        const offsets = [...scalar.value].map((_, i) => scalar.offsets!(i))
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
        for (const [i, char] of [...scalar.value].entries()) {
          if (/[aé{]/.test(char)) expect(source.text[offsets[i]!]).toBe(char)
          expect(offsets[i]).toBeGreaterThanOrEqual(scalar.span.start)
          expect(offsets[i]).toBeLessThanOrEqual(scalar.span.end)
        }
      },
    ),
    { numRuns: 3000 },
  )
})

test('values of -e and text under !unsafe are never compiled', () => {
  fc.assert(
    fc.property(fc.string(), value => {
      const { extra } = load({ 'site.yml': tasks('') }, { extraVars: [JSON.stringify({ v: `{{${value}}}` })] })
      expect(staticValue(extra.vars.get('v')!)).toBe(`{{${value}}}`)
    }),
    { numRuns: 50 },
  )
})

test('a large project is read in good time', () => {
  const hosts = Array.from({ length: 100 }, (_, i) => `        h${i}: {v: ${i}}\n`).join('')
  const many = Array.from({ length: 200 }, (_, i) => `- command: "echo {{v}} {{w}}"\n  register: r${i}\n`).join('')
  const start = performance.now()
  load({
    'inventory/hosts.yml': `all:\n  vars: {w: "{{v}}"}\n  children:\n    web:\n      hosts:\n${hosts}`,
    'site.yml': tasks(many),
  })
  expect(performance.now() - start).toBeLessThan(5000)
})
