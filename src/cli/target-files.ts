import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { ConnectionVars } from '../playbook/connection-vars.ts'
import type { Settings } from '../playbook/model.ts'
import { settingsSchema } from '../playbook/settings-schema.ts'
import type { SshConfig } from './ssh-config.ts'

interface Sources {
  readonly vars: ConnectionVars
  readonly settings: Settings
  readonly ssh: SshConfig
  /** A jump host that the inventory does not know: what ssh has for it comes first. */
  readonly foreign?: boolean | undefined
}

/** Keys and known hosts: the inventory's, the run's, ssh's. */
export function filesOf({ vars, settings, ssh, foreign }: Sources) {
  const key = vars.private_key_file ?? settings.private_key_file
  const known = vars.known_hosts_file ?? settings.known_hosts_file
  const theirs = ssh.knownHostsFiles.length > 0 ? ssh.knownHostsFiles : undefined
  return {
    privateKeyFiles: [
      ...(key === undefined || foreign ? ssh.privateKeyFiles : []),
      ...(key === undefined ? [] : [pathIn(settings.root, key)]),
    ],
    knownHostsFiles: known === undefined ? theirs : [pathIn(settings.root, known)],
  }
}

/** Seconds; ssh's own ConnectTimeout counts where the run keeps to the default. */
export function timeoutOf(vars: ConnectionVars, settings: Settings, ssh: SshConfig): number {
  if (vars.connect_timeout !== undefined) return vars.connect_timeout
  const usual = settings.connect_timeout === settingsSchema.properties.connect_timeout.default
  return (usual ? ssh.connectTimeout : undefined) ?? settings.connect_timeout
}

function pathIn(root: string, path: string): string {
  return resolve(root, path.replace(/^~(?=\/|$)/, homedir()))
}
