import type { FileWrite } from '../../src/changes/file-write.ts'
import type { Change } from '../../src/core/change.ts'
import { Failure, Mistake } from '../../src/core/diagnostic.ts'
import { reveal } from '../../src/core/secret.ts'
import { quote } from '../../src/core/sh.ts'
import { failed } from '../../src/modules/failed.ts'
import { inChange, inModule, inQuestion } from './faults.ts'
import { type Parts, realParts } from './play.ts'
import type { Law } from './rules/rule.ts'

/** A mistake as somebody might make it, in the way of a law that is tried by itself. */
export interface LawFault {
  readonly name: string
  /** In which module's trials it must be found. */
  readonly module: string
  plant(): Parts
}

/** L4: what a killed run leaves. */
export const killFaults: readonly LawFault[] = [
  {
    name: 'a file written in place, so that a kill leaves half of it',
    module: 'copy',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => {
          const whole = kind.carry(change).script
          const text = reveal(change.text as string)
          // Half of it comes before a program is called, as it does where the content is long.
          const half = `printf %s ${quote(text.slice(0, Math.ceil(text.length / 2)))} >${quote(change.real)}; sync`
          return { script: change.expects === 'absent' ? `${half}\nrm -f ${quote(change.real)}\n${whole}` : whole }
        },
      })),
  },
  {
    name: 'a handler that is lost: its note is never written',
    module: 'copy',
    plant: () => inChange<Change>('pending.mark', kind => ({ ...kind, carry: () => ({ script: ':' }) })),
  },
  {
    name: 'a note that is cleared before the handler has run',
    module: 'copy',
    plant: () =>
      inChange<Change & { id: string }>('pending.mark', kind => ({
        ...kind,
        carry: change => ({ script: `${kind.carry(change).script}\nrm -rf /var/lib/pitool/pending` }),
      })),
  },
  {
    name: 'a lock that outlives the run that was killed',
    module: 'copy',
    plant: () =>
      inChange<Change>('lock.take', kind => ({
        ...kind,
        carry: change => ({
          script: `if [ -e /run/pitool/held ]; then echo "held" >&2; exit 1; fi; mkdir -p /run/pitool; : >/run/pitool/held\n${kind.carry(change).script}`,
        }),
      })),
  },
  {
    name: 'a temporary file that nobody sweeps',
    module: 'copy',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `n=${quote(change.real)}.$$; : >"$n"; sync\n${kind.carry(change).script}\nrm -f "$n"`,
        }),
      })),
  },
]

/** L5: ways to lose a secret that no event shows. */
export const secretFaults: readonly LawFault[] = [
  {
    name: "a secret in a program's arguments",
    module: 'copy',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `${kind.carry(change).script}\nenv test ${quote(reveal(change.text as string))}`,
        }),
      })),
  },
  {
    name: "a secret in a program's environment",
    module: 'copy',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `export TEXT=${quote(reveal(change.text as string))}\n${kind.carry(change).script}`,
        }),
      })),
  },
  {
    name: 'a secret in what a failure says',
    module: 'copy',
    plant: () =>
      inModule('copy', module => ({
        ...module,
        *plan(args) {
          return failed(
            'refused',
            `bad content: ${reveal((args as { content: string }).content ?? '')}`
              .split('')
              .join('\u200b')
              .replaceAll('\u200b', ''),
          )
        },
      })),
  },
]

/** L6: mistakes that come late, or from nowhere. */
export const mistakeFaults: readonly LawFault[] = [
  {
    name: 'an argument that only its turn finds wrong',
    module: 'file',
    plant: () =>
      inModule('file', module => ({
        ...module,
        args: { ...module.args, additionalProperties: true },
        *plan(args, ctx) {
          if (Object.hasOwn(args as object, 'no_such_key'))
            throw new Mistake({ code: 'unknown-key', message: 'unknown' })
          return yield* module.plan(args, ctx)
        },
      })),
  },
  {
    name: 'a range that is not looked at',
    module: 'wait_for',
    plant: () =>
      inModule('wait_for', module => ({
        ...module,
        args: {
          ...module.args,
          properties: { ...module.args.properties, timeout: { type: 'integer', default: 300 } },
        },
      })),
  },
  {
    name: 'a required argument that may be left out',
    module: 'copy',
    plant: () => inModule('copy', module => ({ ...module, args: { ...module.args, required: [] } })),
  },
]

/** L7: garbage that is taken for something. */
export const garbageFaults: readonly LawFault[] = [
  {
    name: 'garbage that counts as nothing found',
    module: 'stat',
    plant: () =>
      inQuestion('file', {
        parse: kind => (section, args) => {
          try {
            return kind.parse(section, args)
          } catch {
            return args.map(({ path }) => ({
              path,
              real: path,
              type: 'absent' as const,
              parent: { type: 'directory' as const, real: '/', missing: [] },
              asker: { owner: 'root', group: 'root' },
            }))
          }
        },
      }),
  },
  {
    name: 'garbage that is our bug instead of a failure',
    module: 'stat',
    plant: () =>
      inQuestion('file', {
        parse: kind => (section, args) => {
          try {
            return kind.parse(section, args)
          } catch {
            throw new TypeError('cannot read properties of undefined')
          }
        },
      }),
  },
  {
    name: 'a failure without a word',
    module: 'stat',
    plant: () =>
      inQuestion('file', {
        parse: kind => (section, args) => {
          try {
            return kind.parse(section, args)
          } catch {
            throw new Failure({ code: 'bad-answer', message: '' })
          }
        },
      }),
  },
]

/** L2: an Unknown that a value was made of. */
export const unknownFault: LawFault & { readonly law: Law } = {
  law: 'L2',
  name: 'an Unknown turned into a value',
  module: 'whole plays',
  plant: () => ({
    ...realParts,
    // What a command said before a planned change is handed on as what it will say after it.
    questions: realParts.questions.map(kind =>
      kind.kind === 'run' ? { ...kind, predict: (_shadow, _arg, actual) => actual } : kind,
    ),
  }),
}
