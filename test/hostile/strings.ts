import fc, { type Arbitrary } from 'fast-check'

/** How many times the counts of all properties here: 1 where nothing is said. */
export const effort = Math.max(1, Number(process.env.PITOOL_HOSTILE ?? 1) || 1)

/** What a command of an attacker's would leave, in whichever folder it ran. */
export const canary = 'pwned'

const touch = `touch ${canary}`
/** Each breaks a quoting that somebody once wrote. */
export const classics: readonly string[] = [
  `$(${touch})`,
  `\`${touch}\``,
  `'; ${touch}; '`,
  `"; ${touch}; "`,
  `'"'"'$(${touch})'`,
  `x'$(${touch})'`,
  `x\\'; ${touch} #`,
  `a\n${touch}\n`,
  `a\r\n${touch}`,
  `a & ${touch} &`,
  `a | ${touch}`,
  `a && ${touch} || ${touch}`,
  `) ; ${touch}; (`,
  `} ; ${touch}; {`,
  `;; esac; ${touch}`,
  `EOF\n${touch}\nEOF`,
  `\${x:=$(${touch})}`,
  `<(${touch}) >(${touch})`,
  '-rf',
  '--help',
  `--checkpoint-action=exec=${touch}`,
  `-e${touch}`,
  '-',
  '--',
  '*',
  '?[a-z]*{a,b}~',
  '~root',
  '!!',
  '#',
  '%s%n%d%%',
  '\\',
  '\\n\\047\\0101',
  'a b\tc',
  ' leading and trailing ',
  "it's",
  '"',
  "'",
  'if',
  'A=b',
  'größe=ü 漢字 🦊',
  '\x1b[2J\x1b]0;owned\x07\u009b31m',
  '\ufeff\u202e\u200b',
  '|(.*)+[[:alpha:]]^$',
  'x'.repeat(5000),
]

const bits = fc.constantFrom(
  ...[
    "'",
    '"',
    '\\',
    '`',
    '$',
    '(',
    ')',
    '$(',
    '{',
    '}',
    ';',
    '&',
    '|',
    '<',
    '>',
    '\n',
    '\r',
    '\t',
    ' ',
    '*',
    '?',
    '[',
  ],
  ...[
    '~',
    '#',
    '!',
    '-',
    '--',
    '=',
    '%',
    ',',
    ':',
    '.',
    '@',
    touch,
    `$(${touch})`,
    `\`${touch}\``,
    'x',
    'é',
    '\x1b[0m',
  ],
)

/** Without NUL, which nothing takes, and never empty. */
export const hostile: Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...classics) },
  { weight: 3, arbitrary: fc.array(bits, { minLength: 1, maxLength: 10 }).map(parts => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }).map(text => text.replaceAll('\0', 'x')),
  },
)

/** As the name of a file: without slashes, short enough, and none of the two that every folder has. */
export function asName(text: string): string {
  const name = text
    .replaceAll('/', '_')
    .slice(0, 60)
    .replace(/[\ud800-\udfff]/g, '_')
  return /^\.{0,2}$/.test(name) ? `_${name}` : name
}
