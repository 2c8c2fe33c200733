import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../../build.ts'
import { ansible } from './ansible.ts'
import type { Contender } from './contender.ts'
import { floor, scp } from './floor.ts'
import { pitool } from './pitool.ts'
import { pyinfra } from './pyinfra.ts'

/** All of them: pitool is bundled, the peers are installed from PyPI where the cache folder lacks them. */
export async function contenders(cache: string): Promise<readonly Contender[]> {
  const program = join(cache, 'pitool')
  await bundle(program)
  const venv = installed(cache)
  const bin = join(venv, 'bin')
  const versionOf = (name: string) => packageVersion(bin, name)
  const core = versionOf('ansible-core')
  const mitogen = versionOf('mitogen')
  const strategies = join(packageFolder(bin, 'ansible_mitogen'), 'plugins', 'strategy')
  const openssh = run('ssh', ['-V']).split(',')[0] ?? ''
  return [
    floor(openssh),
    scp(openssh),
    pitool(join(program, 'pitool.js'), `pitool ${run('node', [join(program, 'pitool.js'), '--version']).trim()}`),
    pyinfra(bin, `pyinfra ${versionOf('pyinfra')}`),
    ansible('Ansible, Mitogen', { bin, version: `Mitogen ${mitogen} with ansible-core ${core}`, strategies }),
    ansible('Ansible, pipelining', { bin, version: `ansible-core ${core}` }),
  ]
}

function installed(cache: string): string {
  const venv = join(cache, 'venv')
  if (!existsSync(join(venv, 'bin', 'pyinfra'))) {
    mkdirSync(cache, { recursive: true })
    console.error('installing ansible-core, mitogen and pyinfra from PyPI')
    run('python3', ['-m', 'venv', venv])
    run(join(venv, 'bin', 'pip'), ['install', '-q', 'ansible-core', 'mitogen', 'pyinfra'])
  }
  return venv
}

const python = (bin: string, script: string, name: string) => run(join(bin, 'python3'), ['-c', script, name]).trim()

const packageVersion = (bin: string, name: string) =>
  python(bin, 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))', name)

const packageFolder = (bin: string, name: string) =>
  python(bin, 'import importlib, os, sys; print(os.path.dirname(importlib.import_module(sys.argv[1]).__file__))', name)

// ssh says its version on stderr.
function run(program: string, args: readonly string[]): string {
  return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...args], { encoding: 'utf8' })
}
