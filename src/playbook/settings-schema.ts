import type { Schema } from '../core/schema.ts'

/** `pitool.yml`: one declaration for its checks and its page in the docs. */
export const settingsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    inventory: {
      description: 'Inventory files or folders; `inventory` where it exists.',
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: { type: 'string', minLength: 1 } },
      ],
    },
    playbook: {
      type: 'string',
      minLength: 1,
      description: 'The playbook that runs when none is named.',
      default: 'playbooks/site.yml',
    },
    forks: { type: 'integer', minimum: 1, description: 'Hosts at work at one time.', default: 10 },
    become: { type: 'boolean', description: 'Whether plays become another user (root) by sudo.', default: false },
    remote_user: { type: 'string', minLength: 1, description: 'Who logs in, where the inventory does not say.' },
    private_key_file: { type: 'string', minLength: 1, description: 'The key to log in with.' },
    known_hosts_file: { type: 'string', minLength: 1, description: 'Where host keys are known from.' },
    host_key_checking: {
      enum: ['strict', 'accept-new'],
      description: 'Whether the key of a host never seen before is taken.',
      default: 'strict',
    },
    connect_timeout: {
      type: 'number',
      minimum: 1,
      description: 'Seconds until a host counts as unreachable.',
      default: 10,
    },
    timeout: {
      type: 'number',
      minimum: 0,
      description: 'Seconds a task may take; 0: as long as it wants.',
      default: 0,
    },
    roles_path: {
      description: 'Folders of roles, in the order they are searched.',
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: { type: 'string', minLength: 1 } },
      ],
      default: ['roles'],
    },
  },
} as const satisfies Schema
