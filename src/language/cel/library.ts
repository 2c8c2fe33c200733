import { Environment, type ParseResult } from '@marcbachmann/cel-js'

/** The name of a function and how it is written: `size(x)`, or `x.size()` with x as the first argument. */
export interface Signature {
  readonly name: string
  readonly method: boolean
  /** Arguments, the one before the dot included. */
  readonly count: number
}

let environment: Environment | undefined
let known: ReadonlySet<string> | undefined
const programs = new Map<string, ParseResult>()

/** Runs an operator or function of the library on values it knows. */
export function run(text: string, args: readonly unknown[]): unknown {
  const context = Object.fromEntries(args.map((arg, i) => [`a${i}`, arg]))
  let program = programs.get(text)
  if (program === undefined) {
    program = library().parse(text)
    programs.set(text, program)
  }
  return program(context)
}

export function operatorText(operator: string): string {
  return `a0 ${operator} a1`
}

export function callText({ name, method, count }: Signature): string {
  const args = Array.from({ length: count }, (_, i) => `a${i}`)
  return method ? `a0.${name}(${args.slice(1).join(', ')})` : `${name}(${args.join(', ')})`
}

/** How a function can be called that was written so; undefined where there is none of that name and number. */
export function resolve({ name, method, count }: Signature): Signature | undefined {
  const ways = [
    { name, method, count },
    { name, method: !method, count },
  ]
  return ways.find(way => signatures().has(mark(way)))
}

/** How many arguments each function takes, by name. */
export function functionCounts(): ReadonlyMap<string, ReadonlySet<number>> {
  const counts = new Map<string, Set<number>>()
  for (const signature of signatures()) {
    const [name = '', count] = signature.split('/')
    counts.set(name, (counts.get(name) ?? new Set()).add(Number(count)))
  }
  return counts
}

const types = ['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'uint']

/** Whether a name is that of a type, as in `type(x) == string`. */
export function isType(name: string): boolean {
  return types.includes(name)
}

export function parse(text: string): ParseResult['ast'] {
  return library().parse(text).ast
}

function mark({ name, method, count }: Signature): string {
  return `${name}/${count}${method ? '/method' : ''}`
}

function signatures(): ReadonlySet<string> {
  known ??= new Set(
    library()
      .getDefinitions()
      .functions.filter(({ params }) => params.every(({ type }) => type !== 'ast'))
      .map(({ name, params, receiverType }) =>
        mark({ name, method: receiverType !== null, count: params.length + (receiverType === null ? 0 : 1) }),
      ),
  )
  return known
}

function library(): Environment {
  environment ??= extended(new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false }))
  return environment
}

// YAML cannot tell 1 from 1.0, so an integer must calculate with a double.
const mixed: { readonly [operator: string]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

function extended(fresh: Environment): Environment {
  for (const [operator, calculate] of Object.entries(mixed)) {
    const run = (a: number | bigint, b: number | bigint) => calculate(Number(a), Number(b))
    fresh.registerOperator(`int ${operator} double`, run).registerOperator(`double ${operator} int`, run)
  }
  return fresh
    .registerFunction('string.lower(): string', (text: string) => text.toLowerCase())
    .registerFunction('string.upper(): string', (text: string) => text.toUpperCase())
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
}
