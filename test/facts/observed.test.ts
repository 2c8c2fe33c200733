/** What was observed on real k3s and is held by a test: none of these goes away unnoticed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const held: readonly (readonly [fact: string, file: string, test: string])[] = [
  [
    '1 exit 0 and active prove nothing: the journal tells',
    'scenarios/join-fails',
    'joins that fail, by journals of the %s form',
  ],
  ['1 each cause has its words', 'modules/k3s/journal-causes', 'what the journal of an agent says'],
  ['2 Ready is stale for some 40 s', 'modules/k3s_agent', 'Ready from before the start is a leftover'],
  ['2 the lease counts as a sign of life', 'questions/k3s/nodes', 'the newer of condition and lease'],
  ['3 a stopped unit is started, though an installer sees no change', 'modules/k3s_agent', 'a stopped agent'],
  ['3 the same values restart nothing', 'scenarios/join', 'is left alone by the second run, which restarts nothing'],
  [
    '5 a reflashed host gets in after kubectl delete node',
    'scenarios/join-fails',
    'what the hint says mends a reflashed host',
  ],
  [
    '6 labels only the server may set are set there',
    'modules/node_labels',
    'sets through the server what only it may set',
  ],
  [
    '6 the same label on the agent would crash-loop it',
    'modules/k3s/files',
    'a label that a node may set is all right',
  ],
  ["7 no token in sudo's log", 'scenarios/secrets', 'not in the journal of %s, sudo among it'],
  ['8 kubectl works on the server only', 'scenarios/join-fails', 'no server to ask'],
  [
    '9 listed after some seconds, Ready later: waited for',
    'modules/k3s_agent',
    'by a sign of life from after the start',
  ],
  [
    '10 the token is in a file of root alone',
    'modules/k3s_agent',
    'keeps the token in a file of root alone, and nowhere else',
  ],
  ['12 the program against a pinned sum', 'modules/k3s_agent', 'a pinned sum is believed alone'],
  ['12 the installer only against a sum', 'modules/k3s_agent', 'is fetched only against a sum'],
]

it.each(held)('%s', (_, file, test) => {
  expect(readFileSync(join(import.meta.dirname, '..', `${file}.test.ts`), 'utf8')).toContain(test)
})
