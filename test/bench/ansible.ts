import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender, Job, Target } from './contender.ts'
import { tasksOf } from './tasks.ts'

export interface AnsibleInstalled {
  /** Of the virtual environment. */
  readonly bin: string
  readonly version: string
  /** Where mitogen's strategies lie; with it they are used. */
  readonly strategies?: string
}

/** Tuned: pipelining, all hosts at once, no facts, the interpreter named, connections kept within a run. */
export function ansible(name: string, installed: AnsibleInstalled): Contender {
  return {
    name,
    version: installed.version,
    suite: 'bookworm-python',
    prepare,
    command: (job, pass) => ({
      argv: [
        join(installed.bin, 'ansible-playbook'),
        '-i',
        'ansible.yml',
        'play.yml',
        ...(pass === 'check' ? ['-C'] : []),
      ],
      env: environment(job, installed),
    }),
  }
}

const environment = (job: Job, { bin, strategies }: AnsibleInstalled): Record<string, string> => ({
  PATH: `${bin}:${process.env.PATH ?? ''}`,
  ANSIBLE_PIPELINING: 'True',
  ANSIBLE_FORKS: String(Math.max(5, job.targets.length)),
  ANSIBLE_SSH_ARGS: `-F none -o ControlMaster=auto -o ControlPersist=10s -o UserKnownHostsFile=${job.knownHostsFile}`,
  ANSIBLE_NOCOLOR: '1',
  ANSIBLE_RETRY_FILES_ENABLED: 'False',
  ANSIBLE_DEPRECATION_WARNINGS: 'False',
  ...(strategies === undefined ? {} : { ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: strategies }),
})

async function prepare(job: Job): Promise<void> {
  const play = [{ hosts: 'all', become: true, gather_facts: false, tasks: tasksOf(job.steps, 'ansible') }]
  // JSON is YAML.
  await writeFile(join(job.folder, 'play.yml'), JSON.stringify(play, null, 1))
  await writeFile(join(job.folder, 'ansible.yml'), JSON.stringify(inventory(job), null, 1))
}

const inventory = (job: Job) => ({
  all: {
    vars: {
      ansible_user: 'pi',
      ansible_ssh_private_key_file: job.keyFile,
      ansible_python_interpreter: '/usr/bin/python3',
    },
    hosts: Object.fromEntries(job.targets.map(host)),
  },
})

const host = ({ name, address, port }: Target) => [name, { ansible_host: address, ansible_port: port }] as const
