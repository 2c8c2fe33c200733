import { Failure } from '../../core/diagnostic.ts'
import type { Question } from '../../core/question.ts'
import { Secret } from '../../core/secret.ts'
import { errText, outText, type Section } from '../../core/section.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'

/** What the server lets its joiners in with. */
export interface ServerTokenAnswer {
  /** Close to the cluster's admin. */
  readonly token: Secret
  /** SHA-256 of the cluster's CA. */
  readonly caHash: string
  /** `v1.30.4+k3s1` */
  readonly version: string
  /** `k3s token create` is there (1.26 on). */
  readonly makesTokens: boolean
}

const kind = 'k3s.token'

/** To be asked on the server. */
export function serverToken(): Question<ServerTokenAnswer> {
  return { kind, key: '', arg: null }
}

// `cat` of a file: the token is in nobody's arguments.
const script = `
PATH=$PATH:/usr/local/bin
file=/var/lib/rancher/k3s/server/node-token
command -v k3s >/dev/null 2>&1 || { echo no-k3s >&2; exit 3; }
[ -e "$file" ] || { echo no-token >&2; exit 3; }
[ -r "$file" ] || { echo no-right >&2; exit 3; }
k3s --version 2>/dev/null | head -n 1
cat "$file"
`

export const serverTokenKind: QuestionKind<null, ServerTokenAnswer> = {
  kind,
  sh: () => script,
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
}

function read(section: Section): ServerTokenAnswer {
  if (section.code !== 0) throw noToken(section)
  const [said = '', token = ''] = outText(section).split('\n')
  const version = /^k3s version (v(\d+)\.(\d+)\S*)/.exec(said)
  const caHash = /^K10([0-9a-f]{64})::/.exec(token)?.[1]
  if (!version || caHash === undefined) throw badAnswer("the server's token", { ...section, stdout: new Uint8Array() })
  const [major, minor] = [Number(version[2]), Number(version[3])]
  return { token: new Secret(token.trim()), caHash, version: version[1]!, makesTokens: major > 1 || minor >= 26 }
}

function noToken(section: Section): Failure {
  const said = errText(section)
  if (said.includes('no-right')) {
    return new Failure({
      code: 'permission-denied',
      message: "only root may read the server's token",
      hint: 'set become: true for this task',
    })
  }
  return new Failure({
    code: 'k3s-no-server',
    message: said.includes('no-k3s') ? 'k3s is not installed on this host' : 'no k3s server has run on this host yet',
    hint: "name the k3s server: put it first into the inventory's group `server`, or give `server: HOST`",
  })
}
