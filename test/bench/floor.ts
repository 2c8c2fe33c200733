import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quote } from '../../src/core/sh.ts'
import { lab } from '../lab/lab.ts'
import type { Contender, Job, Target } from './contender.ts'
import { floorScript } from './floor-script.ts'
import type { Step } from './step.ts'

/** What nothing can beat by much: OpenSSH once a host, all hosts at a time, a script written by hand. */
export function floor(version: string): Contender {
  return {
    name: 'ssh + script',
    version,
    suite: 'bookworm',
    async prepare(job) {
      await writeFile(join(job.folder, 'floor.sh'), floorScript(job.steps))
      await writeFile(join(job.folder, 'everywhere.sh'), everywhere(job))
    },
    command: (_, pass) => ({ argv: ['sh', 'everywhere.sh', pass === 'check' ? 'check' : ''] }),
  }
}

/** Large files sent by hand, to a folder that is made theirs beforehand. */
export function scp(version: string): Contender {
  return {
    name: 'scp',
    version,
    suite: 'bookworm',
    takes: steps => steps.every(({ kind }) => kind === 'blob'),
    async prepare(job) {
      for (const { name } of job.targets) await lab.exec(name, 'chown pi /opt')
      const lines = job.targets.flatMap(target => job.steps.map(step => copy(job, target, step)))
      await writeFile(join(job.folder, 'scp.sh'), `set -eu\n${lines.join('\n')}\n`)
    },
    command: () => ({ argv: ['sh', 'scp.sh'] }),
  }
}

function copy(job: Job, { address, port }: Target, step: Step): string {
  if (step.kind !== 'blob') throw new Error(`${step.kind} is not for scp`)
  return `scp -q ${options(job)} -P ${port} files/${step.name} pi@${address}:${step.path}`
}

const everywhere = (job: Job) => `set -eu
pids=''
${job.targets.map(target => `{ ${onHost(job, target)}; } & pids="$pids $!"`).join('\n')}
for pid in $pids; do wait "$pid"; done
`

function onHost(job: Job, target: Target): string {
  const ssh = sshTo(job, target)
  const big = job.steps.flatMap(step => send(step, ssh))
  return [...big, `${ssh} sudo -n sh -s ${target.name} '"$1"' <floor.sh`].join('; ')
}

/** Big things are compared by their digests, and sent as one stream. */
function send(step: Step, ssh: string): readonly string[] {
  if (step.kind !== 'tree' && step.kind !== 'blob') return []
  const folder = step.kind === 'tree' ? `files/${step.name}` : 'files'
  const there = step.kind === 'tree' ? step.path : '/opt'
  const what = step.kind === 'tree' ? '.' : step.name
  const sums = `(cd ${folder} && find ${what} -type f -print0 | xargs -0 sha256sum)`
  const same = `${sums} | ${ssh} ${quote(`cd ${there} 2>/dev/null && sha256sum --status -c 2>/dev/null`)}`
  return [
    `${same} || tar -C ${folder} -cf - ${what} | ${ssh} ${quote(`sudo -n mkdir -p ${there} && sudo -n tar -C ${there} --no-same-owner -xf -`)}`,
  ]
}

const sshTo = (job: Job, { address, port }: Target) => `ssh ${options(job)} -p ${port} pi@${address}`

const options = (job: Job) =>
  [
    ...['-F none -i', quote(job.keyFile), '-o BatchMode=yes -o IdentitiesOnly=yes'],
    ...['-o', quote(`UserKnownHostsFile=${job.knownHostsFile}`)],
  ].join(' ')
