import { explainSection } from '../../../src/changes/explain.ts'
import { changeKinds } from '../../../src/changes/index.ts'
import type { Change } from '../../../src/core/change.ts'
import type { Connection, Identity } from '../../../src/core/connection.ts'
import { type Diagnostic, Failure } from '../../../src/core/diagnostic.ts'
import type { Question } from '../../../src/core/question.ts'
import { outText, type Section } from '../../../src/core/section.ts'
import { sending } from '../../../src/engine/sending.ts'
import { questionKinds } from '../../../src/questions/index.ts'
import { createDialer } from '../../../src/transport/dialer.ts'
import type { SshTarget } from '../../../src/transport/target.ts'
import { type LabHost, lab } from '../../lab/lab.ts'

const root: Identity = { become: 'root' }
const asked = new Map(questionKinds.map(kind => [kind.kind, kind]))
const done = new Map(changeKinds.map(kind => [kind.kind, kind]))

/** What came of one of them: the answer, or the refusal. */
export type Came = { readonly answer: unknown } | { readonly refused: Diagnostic }

/** Asks and carries on a lab host over SSH and sudo, one kind at a time and as the engine does. */
export class Way {
  readonly #target: SshTarget
  #open: Promise<Connection> | undefined

  constructor(host: LabHost) {
    this.#target = {
      connection: 'ssh',
      host: host.name,
      address: host.address,
      port: host.port,
      user: host.user,
      privateKeyFiles: [lab.keyFile],
      knownHostsFiles: [lab.knownHostsFile],
      hostKeyChecking: 'strict',
      connectTimeout: 20,
    }
  }

  #dial(): Promise<Connection> {
    return createDialer(() => this.#target).dial(this.#target.host)
  }

  connection(): Promise<Connection> {
    this.#open ??= this.#dial()
    return this.#open
  }

  async close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await (await open)?.close()
  }

  /** All of them in one frame. */
  async ask(questions: readonly Question[]): Promise<readonly Came[]> {
    const kinds = questions.map(question => asked.get(question.kind)!)
    const scripts = questions.map((question, i) => kinds[i]!.sh([question.arg]))
    const shell = await (await this.connection()).shell(root)
    const sections = await shell.frame(scripts, { limit: 8 * 1024 * 1024, timeout: 60 })
    return questions.map((question, i) => {
      try {
        return { answer: kinds[i]!.parse(sections[i]!, [question.arg])[0] }
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        return { refused: error.diagnostic }
      }
    })
  }

  /** undefined: it was done, and confirmed over a new connection where its kind wants that. */
  async carry(change: Change): Promise<Diagnostic | undefined> {
    const kind = done.get(change.kind)!
    const { script, own, input } = kind.carry(change)
    const connection = await this.connection()
    let section: Section
    if (input) section = await connection.pour(root, script, sending(input))
    else {
      const shell = await (own ? connection.ownShell(root) : connection.shell(root))
      section = (await shell.frame([script], { stopOnFailure: true, timeout: 90 }))[0]!
      if (own) await shell.close()
    }
    if (section.code !== 0) return this.#explained(change, section)
    const confirm = kind.confirm?.(change, section)
    if (confirm) await this.#confirm(confirm.script)
    return undefined
  }

  #explained(change: Change, section: Section): Diagnostic {
    const known = done.get(change.kind)!.explain?.(section, change) ?? explainSection(section)
    return known ?? { code: 'change-failed', message: `exit ${section.code}: ${outText(section)}` }
  }

  async #confirm(script: string): Promise<void> {
    await this.close()
    const shell = await (await this.connection()).shell(root)
    const [section] = await shell.frame([script], { timeout: 60 })
    if (section?.code !== 0) throw new Error('it could not be confirmed')
  }
}
