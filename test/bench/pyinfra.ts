import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender, Job } from './contender.ts'
import type { Step } from './step.ts'

/** pyinfra needs no Python on the hosts, and gets hosts with it like the other peers. */
export function pyinfra(bin: string, version: string): Contender {
  return {
    name: 'pyinfra',
    version,
    suite: 'bookworm-python',
    prepare,
    command: (job, pass) => ({
      argv: [
        ...[join(bin, 'pyinfra'), 'inventory.py', 'deploy.py', '--parallel', String(job.targets.length)],
        // With --yes it looks at the hosts while it works, which is faster, but a dry run would look at nothing.
        pass === 'check' ? '--dry' : '--yes',
      ],
    }),
  }
}

async function prepare(job: Job): Promise<void> {
  await writeFile(join(job.folder, 'inventory.py'), inventory(job))
  await writeFile(join(job.folder, 'deploy.py'), `${head}${job.steps.map(operation).join('')}`)
}

const head = `from io import StringIO
from pyinfra import config, host
from pyinfra.facts.files import File
from pyinfra.facts.server import Command
from pyinfra.operations import apt, files, server, systemd
config.SUDO = True
`

const inventory = (job: Job) =>
  `hosts = [\n${job.targets
    .map(({ name, address, port }) => {
      const data = { ssh_hostname: address, ssh_port: port, ssh_user: 'pi', ssh_key: job.keyFile }
      return `    ("${name}", ${JSON.stringify({ ...data, ssh_known_hosts_file: job.knownHostsFile })}),\n`
    })
    .join('')}]\n`

// A JSON text is a Python text.
const text = (value: string) => JSON.stringify(value)

function operation(step: Step): string {
  switch (step.kind) {
    case 'directory':
      return `files.directory(path=${text(step.path)}, mode="755")\n`
    case 'file':
    case 'blob':
      return `files.put(src=${text(`files/${step.name}`)}, dest=${text(step.path)}, mode="644")\n`
    case 'template': {
      const source = text(`templates/${step.name}`)
      return `files.template(src=${source}, dest=${text(step.path)}, mode="644", inventory_hostname=host.name)\n`
    }
    case 'line':
      return `files.line(path=${text(step.path)}, line=${text(step.line)})\n`
    case 'group':
      return `server.group(group=${text(step.name)}, system=True)\n`
    case 'user':
      return `server.user(user=${text(step.name)}, group=${text(step.group)}, system=True, create_home=False)\n`
    case 'service':
      return `systemd.service(service=${text(step.name)}, running=True, enabled=True)\n`
    case 'mask':
      // It has no word for it; this is what masking does.
      return `files.link(path=${text(`/etc/systemd/system/${step.unit}`)}, target="/dev/null")\n`
    case 'package':
      return `apt.packages(packages=[${text(step.name)}])\n`
    case 'link':
      return `files.link(path=${text(step.path)}, target=${text(step.target)})\n`
    case 'answer':
      return `files.put(src=StringIO(host.get_fact(Command, ${text(step.command)}) + "\\n"), dest=${text(step.path)}, mode="644")\n`
    case 'command':
      return `if not host.get_fact(File, ${text(step.creates)}):\n    server.shell(commands=[${text(step.command)}])\n`
    case 'tree':
      return `files.sync(src=${text(`files/${step.name}`)}, dest=${text(step.path)}, mode="644", dir_mode="755")\n`
  }
}
