import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { launchCommand } from '../../../src/transport/launch.ts'
import { LocalLine } from '../../../src/transport/local-line.ts'
import { pointFrom, pointsOf, wordsOf } from './points.ts'
import type { Boundary } from './strike.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitool-boundaries-'))
const log = join(folder, 'log')
afterAll(() => rmSync(folder, { recursive: true }))

const boundaries = () => {
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as Boundary)
}

test('a shell tells of each of its frames when it is to be sent, was sent, was answered', async () => {
  process.env.PITOOL_STRIKE = JSON.stringify({ log, hosts: '' })
  const { OpenShell } = await import('./struck-shell.ts')
  delete process.env.PITOOL_STRIKE
  const line = new LocalLine('here')
  const words = { greeting: 'hello-from-below', prompt: 'none' }
  const shell = new OpenShell(await line.start(launchCommand(words)), line, { words, seconds: 10 })
  const [said] = await shell.frame(['echo one'], 1000, false)
  expect(said?.stdout.toString()).toBe('one\n')
  const [poured] = await shell.pour(
    'cat',
    (async function* () {
      yield Buffer.from('two')
    })(),
    1000,
  )
  expect(poured?.stdout.toString()).toBe('two')
  await line.close()

  const told = boundaries().map(({ number, moment, frame, user }) => [number, moment, frame, user])
  expect(told).toEqual([
    [1, 'before', 1, 'login'],
    [2, 'sent', 1, 'login'],
    [3, 'answered', 1, 'login'],
    [4, 'before', 2, 'login'],
    [5, 'sent', 2, 'login'],
    [6, 'sent', 2, 'login'],
    [7, 'answered', 2, 'login'],
  ])
})

test('each of them is struck with each victim, and after some bytes', () => {
  const course = { boundaries: boundaries(), bytes: { up: 1000, down: 300 } }
  const points = pointsOf(course, { seed: 1, victims: ['control', 'root-shell'], bytes: 2 })
  for (const victim of ['control', 'root-shell'] as const) {
    const mine = points.filter(point => point.victim === victim)
    const numbers = mine.flatMap(point => ('boundary' in point ? [point.boundary] : [])).sort()
    expect(numbers).toEqual(course.boundaries.map(({ number }) => number))
    expect(
      mine.filter(point => 'bytes' in point && point.bytes > 0 && point.bytes <= course.bytes[point.direction]),
    ).toHaveLength(4)
  }
  expect(points.map(point => pointFrom(wordsOf(point)))).toEqual(points)
})
