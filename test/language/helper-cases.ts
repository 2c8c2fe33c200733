import type { Value } from '../../src/core/value.ts'

/** One call of a helper: its arguments, what it gives, and its options as written. */
export interface HelperCase {
  readonly name: string
  readonly args: readonly Value[]
  readonly gives: Value
  readonly options?: string
}

const row = (name: string, args: readonly Value[], gives: Value, options?: string): HelperCase => ({
  name,
  args,
  gives,
  ...(options === undefined ? {} : { options }),
})

/** At least one for every helper; the taint test takes its arguments from here, too. */
export const helperCases: readonly HelperCase[] = [
  row('default', ['x', 'y'], 'x'),
  row('default', ['', 'y'], ''),
  row('default', ['', 'y'], 'y', 'empty=true'),
  row('default', [null, 'y'], null),
  row('has', ['x'], true),
  row('exists', ['x'], true),
  row('and', [true, 'x'], true),
  row('and', ['x', ''], false),
  row('or', ['', 0, [], null, false], false),
  row('or', [{}, 'x'], true),
  row('not', [''], true),
  row('not', [[0]], false),
  row('ternary', [true, 'a', 'b'], 'a'),
  row('ternary', ['', ['a'], ['b']], ['b']),
  row('lower', ['Pi'], 'pi'),
  row('upper', ['Pi'], 'PI'),
  row('upper', [true], 'TRUE'),
  row('trim', [' x\n'], 'x'),
  row('replace', ['a.b.c', '.', '$&'], 'a$&b$&c'),
  row('indent', ['a\nb\n\nc', 2], 'a\n  b\n\n  c'),
  row('indent', ['a\nb', 2], '  a\n  b', 'first=true'),
  row('join', [['a', 1, true], ', '], 'a, 1, true'),
  row('join', [['a', 'b']], 'ab'),
  row('split', ['a,b,', ','], ['a', 'b', '']),
  row('basename', ['/etc/hosts'], 'hosts'),
  row('basename', ['/etc/x/'], 'x'),
  row('basename', ['/'], '/'),
  row('dirname', ['/etc/hosts'], '/etc'),
  row('dirname', ['/hosts'], '/'),
  row('dirname', ['hosts'], '.'),
  row('quote', ["it's"], `'it'\\''s'`),
  row('quote', [['a b', 'c', '']], "'a b' c ''"),
  row('regex_replace', ['pi3 pi5', '(pi)([0-9])', '\\2\\1'], '3pi 5pi'),
  row('regex_replace', ['ab', '(?P<x>a)', '<\\g<x>>$1'], '<a>$1b'),
  row('regex_replace', ['abc', 'x*', '-'], '-a-b-c-'),
  row('regex_match', ['pi3-worker', '^pi[0-9]+'], true),
  row('regex_match', ['server', '^pi'], false),
  row('length', ['ä😀'], 2),
  row('length', [['a', 'b', 'c']], 3),
  row('length', [{ a: 1 }], 1),
  row('first', [['a', 'b']], 'a'),
  row('last', [['a', 'b']], 'b'),
  row('lookup', [{ a: { b: ['c'] } }, 'a', 'b', 0], 'c'),
  row('lookup', [{ 'pi3-w': 'x' }, 'pi3-w'], 'x'),
  row('keys', [{ a: 1, b: 2 }], ['a', 'b']),
  row('values', [{ a: 'x', b: 'y' }], ['x', 'y']),
  row('merge', [{ a: 'x', b: 'y' }, { b: 'z' }], { a: 'x', b: 'z' }),
  row('concat', [['a'], ['a', 'b'], ['c']], ['a', 'a', 'b', 'c']),
  row(
    'union',
    [
      ['a', 1],
      ['1', 'a', 'b'],
    ],
    ['a', 1, '1', 'b'],
  ),
  row(
    'difference',
    [
      ['a', 'b', { c: 'd' }],
      [{ c: 'd' }, 'a'],
    ],
    ['b'],
  ),
  row('unique', [['a', 'b', 'a', { x: 'y' }, { x: 'y' }]], ['a', 'b', { x: 'y' }]),
  row('sort', [['b', 'a', 'C']], ['C', 'a', 'b']),
  row('sort', [[10, 9, 1]], [1, 9, 10]),
  row('contains', [['a', 'b'], 'b'], true),
  row('contains', ['abc', 'bc'], true),
  row('contains', [{ a: 1 }, 'a'], true),
  row('contains', [{ a: 1 }, 'constructor'], false),
  row('range', [3], [0, 1, 2]),
  row('range', [2, 5], [2, 3, 4]),
  row('range', [5, 0, -2], [5, 3, 1]),
  row('add', [1, 2, 3], 6),
  row('sub', [1, 2], -1),
  row('mul', [2, 3], 6),
  row('div', [7, 2], 3.5),
  row('mod', [7, 4], 3),
  row('mod', [-1, 4], 3),
  row('int', ['8'], 8),
  row('int', [' -7.9 '], -7),
  row('int', [true], 1),
  row('float', ['1.5e3'], 1500),
  row('string', [8], '8'),
  row('bool', ['Yes'], true),
  row('bool', ['off'], false),
  row('bool', [0], false),
  row('eq', [{ a: ['x'] }, { a: ['x'] }], true),
  row('eq', ['a', 'b'], false),
  row('eq', [null, 1], false),
  row('ne', ['a', 'b'], true),
  row('lt', [9, 10], true),
  row('lt', ['10', '9'], true),
  row('le', [1, 1], true),
  row('gt', ['b', 'a'], true),
  row('ge', [1, 2], false),
  row('json', [{ a: ['x', null] }], '{"a":["x",null]}'),
  row('json', [{ a: 'x' }], '{\n  "a": "x"\n}', 'indent=2'),
  row('yaml', [{ a: ['x', 'yes', '0644'], b: { c: null } }], "a:\n  - x\n  - 'yes'\n  - '0644'\nb:\n  c: null"),
  row('b64encode', ['pi ü'], 'cGkgw7w='),
  row('b64decode', ['cGkgw7w='], 'pi ü'),
  row('sha256', ['x'], '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'),
  row('ip_address', ['192.168.1.77/24'], '192.168.1.77'),
  row('ip_prefix', ['192.168.1.77/24'], 24),
  row('ip_prefix', ['10.0.0.1'], 32),
  row('ip_network', ['192.168.1.77/24'], '192.168.1.0/24'),
  row('ip_network', ['fd00::5:1/64'], 'fd00::/64'),
]

export function callOf({ name, args, options }: HelperCase): string {
  return [name, ...args.map((_, i) => `a${i}`), ...(options === undefined ? [] : [options])].join(' ')
}

export function varsOf(args: readonly Value[]): { readonly [name: string]: Value } {
  return Object.fromEntries(args.map((arg, i) => [`a${i}`, arg]))
}
