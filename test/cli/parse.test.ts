import { describe, expect, it } from 'vitest'
import { parse } from '../../src/cli/parse.ts'
import { Mistake } from '../../src/core/diagnostic.ts'

async function command(line: string) {
  const parsed = await parse(line.split(' ').filter(word => word !== ''))
  if (parsed.kind !== 'command') throw new Error(`help instead of a command: ${line}`)
  return parsed
}

async function mistake(line: string) {
  const error = await parse(line.split(' ').filter(word => word !== '')).catch((error: unknown) => error)
  expect(error, line).toBeInstanceOf(Mistake)
  const [diagnostic] = (error as Mistake).diagnostics
  return `${diagnostic?.message} | ${diagnostic?.hint ?? ''}`
}

describe('a command line', () => {
  it('has a command, words and options in any order', async () => {
    const { name, words, flags } = await command('play -C a.yml --diff -l workers b.yml -vv -f 5')
    expect([name, words]).toEqual(['play', ['a.yml', 'b.yml']])
    expect([flags.on('check'), flags.on('diff'), flags.on('become')]).toEqual([true, true, false])
    expect([flags.text('limit'), flags.count('verbose'), flags.number('forks', 1)]).toEqual(['workers', 2, 5])
  })

  const lists: [string, readonly string[]][] = [
    ['play -e a=1 -e b=2 x.yml', ['a=1', 'b=2']],
    ['play --extra-vars a=1 x.yml', ['a=1']],
    ['play x.yml -e {"a":1}', ['{"a":1}']],
    ['play x.yml -e 5', ['5']],
    ['play x.yml', []],
  ]
  it.each(lists)('keeps values as they are: %s', async (line, values) => {
    const { flags, words } = await command(line)
    expect(flags.list('extra-vars')).toEqual(values)
    expect(words).toEqual(['x.yml'])
  })

  it('takes the last of two', async () => {
    expect((await command('play -f 5 --forks 6 --limit a --limit b')).flags.text('limit')).toBe('b')
  })

  it('splits tags at commas', async () => {
    expect((await command('play -t a,b --tags c')).flags.words('tags')).toEqual(['a', 'b', 'c'])
  })

  it('leaves what follows -- to the command', async () => {
    const { words, flags } = await command('run workers --become -- ls -l --color')
    expect(words).toEqual(['workers', 'ls', '-l', '--color'])
    expect(flags.on('become')).toBe(true)
  })

  it('reads names that look like numbers as words', async () => {
    expect((await command('play 01.yml 1e3')).words).toEqual(['01.yml', '1e3'])
  })
})

describe('a mistake in it', () => {
  const cases: [string, string][] = [
    ['paly', "there is no command 'paly' | did you mean 'play'?"],
    [
      'frobnicate',
      "there is no command 'frobnicate' | the commands are play, inventory, ping, run, runs, report, unlock, doc",
    ],
    [
      '--check',
      'a command must come first, not --check | one of play, inventory, ping, run, runs, report, unlock, doc',
    ],
    ['play --chek', "'pitool play' has no option --chek | did you mean --check?"],
    ['play --no-check', "'pitool play' has no option --no-check | pitool play --help lists them"],
    ['play -Z', "'pitool play' has no option -Z | pitool play --help lists them"],
    ['play --frobnicate a', "'pitool play' has no option --frobnicate | pitool play --help lists them"],
    ['inventory x', "'pitool inventory' does not know what to do with 'x' | "],
    ['doc a b', "'pitool doc' does not know what to do with 'b' | "],
    ['run', "'pitool run' needs more: pitool run <pattern> -- <command..> | "],
    ['play --limit', '--limit needs a value | '],
  ]
  it.each(cases)('%s', async (line, expected) => {
    expect(await mistake(line)).toBe(expected)
  })

  const values: [string, string, string][] = [
    ['play -f 0', 'forks', '--forks must be a whole number, 1 or more'],
    ['play -f x', 'forks', '--forks must be a whole number, 1 or more'],
    ['play -f 1.5', 'forks', '--forks must be a whole number, 1 or more'],
  ]
  it.each(values)('%s', async (line, name, message) => {
    const { flags } = await command(line)
    expect(() => flags.number(name, 1)).toThrow(message)
  })

  it('play --output xml', async () => {
    const { flags } = await command('play --output xml')
    expect(() => flags.choice('output', ['human', 'ndjson'])).toThrow('--output must be human or ndjson, not xml')
  })
})

describe('help', () => {
  it.each(['--help', '-h', 'help', '', 'play --help', 'run -h'])('%s', async line => {
    const parsed = await parse(line.split(' ').filter(word => word !== ''))
    expect(parsed).toMatchObject({ kind: 'help', asked: line !== '' })
    expect(parsed.kind === 'help' && parsed.text).toContain('pitool')
  })

  it('of a command lists every option once', async () => {
    const parsed = await parse(['play', '--help'])
    const text = parsed.kind === 'help' ? parsed.text : ''
    for (const option of ['--check', '--extra-vars', '--become-password-file', '--detailed-exitcode'])
      expect(text.match(new RegExp(`^ +(-\\w, )?${option}\\b`, 'gm'))).toHaveLength(1)
  })

  it('is not taken from the words of a command', async () => {
    expect((await command('run all -- ls --help')).words).toEqual(['all', 'ls', '--help'])
  })
})
