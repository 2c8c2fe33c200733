import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { World } from '../engine/memory.ts'
import { run, said } from '../engine/run.ts'
import { effort } from './strings.ts'

/** What a template engine, an expression or YAML would make something of. */
const braces = fc
  .array(
    fc.constantFrom(
      ...['{{x}}', '{{{x}}}', '{{inventory_hostname}}', '{{#each groups}}{{this}}{{/each}}', '{{lookup groups "all"}}'],
      ...['{% if true %}y{% endif %}', '{# c #}', '{{"{{x}}"}}', '\\{{x}}', '{{', '}}', '{{!', '{{>x}}', '{{{{raw}}}}'],
      ...['1 + 1', 'true || x', 'size(groups)', '!unsafe', '*a', '&a', '${x}', ' ', "'", '"', 'x', '\\', '\n'],
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map(parts => parts.join(''))

const play = `
- hosts: a
  gather_facts: false
  vars:
    x: COMPILED
    whole: "{{r.seen}}"
    again: "{{whole}}"
    part: "<{{again}}>"
    list: ["{{whole}}", {k: "{{r.seen}}"}]
  tasks:
    - {register: r, look: {name: k}}
    - debug: {msg: "{{r.seen}}"}
    - debug: {msg: "{{again}}"}
    - debug: {msg: "{{part}}"}
    - debug: {msg: "{{list.[1].k}}"}
    - set_fact: {f: "{{part}}", g: {h: ["{{again}}"]}}
    - debug: {msg: "{{f}}"}
    - debug: {msg: "{{g.h.[0]}}"}
    - {loop: ["{{r.seen}}", "{{f}}"], debug: {msg: "{{item}}"}}
    - {loop: "{{g.h}}", vars: {inner: "{{item}}"}, debug: {msg: "{{inner}}"}}
    - {register: q, loop: "{{g.h}}", set_fact: {last: "{{item}}"}}
    - debug: {msg: "{{last}}"}
    - debug: {msg: "{{e}}"}
    - set_fact: {of_e: "{{e}}"}
    - debug: {msg: "{{of_e}}"}
    - {vars: {t: "{{e}}"}, debug: {msg: "{{t}}"}}
    - debug: {msg: "{{ansible_facts.color}}"}
    - {set_fact: {seen: r.seen}, when: r.seen == e && again == e && f == part && ansible_facts.color == e}
    - {assert: {that: ['seen == "r.seen"', 'g.h.exists(one, one == e)', last == e]}}
    - {debug: {msg: "{{#each g.h}}{{this}}{{/each}}"}}
    - {include_tasks: more.yml, vars: {handed: "{{r.seen}}"}}
`

describe('what hosts, people at the command line and values say is never compiled', () => {
  test(
    'through register, vars of vars, set_fact, loops, when, facts, -e and included tasks',
    async () => {
      await fc.assert(
        fc.asyncProperty(braces, async text => {
          const world = new World()
          world.store('a').set('k', text)
          world.store('a').set('color', text)
          const files = { 'site.yml': play, 'more.yml': '- debug: {msg: "{{handed}}"}\n' }
          const ran = await run(world, { files, extra: [JSON.stringify({ e: text })] })
          const failed = ran.events.flatMap(event =>
            event.type === 'host.end' && event.status === 'failed' ? [event.task.name, event.diagnostic?.message] : [],
          )
          expect(failed).toEqual([])
          const [part, all] = [`<${text}>`, said(ran, 'a')]
          const wanted = [
            text,
            text,
            part,
            text,
            part,
            text,
            text,
            part,
            text,
            text,
            text,
            text,
            text,
            text,
            text,
            text,
          ]
          expect(all).toEqual(wanted)
        }),
        { numRuns: 25 * effort, includeErrorInReport: true },
      )
    },
    60_000 * effort,
  )

  test('an expression in a value is no expression', async () => {
    const world = new World()
    world.store('a').set('k', 'true')
    const tasks = '- {register: r, look: {name: k}}\n    - {name: t, when: r.seen, debug: {msg: ran}}'
    const ran = await run(world, { files: { 'site.yml': `- hosts: a\n  tasks:\n    ${tasks}\n` } })
    expect(ran.ends.at(-1)).toMatch(/^t a failed/)
  })
})
