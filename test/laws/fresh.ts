import type { TaskText, Trial } from './trial.ts'

/**
 * What a play does to a host that nobody has set up: in each, one task hangs on another. Commands and packages may alter
 * anything, so that a check decides little after them: they come last.
 */
const chains: { readonly [name: string]: Trial } = {
  'a user and its key': {
    found: ':',
    tasks: [
      { name: 'group', group: { name: 'lawfresh', gid: 4300 } },
      { name: 'user', user: { name: 'lawfresh', group: 'lawfresh', groups: ['adm'], shell: '/bin/sh' } },
      {
        name: 'key',
        authorized_key: { user: 'lawfresh', key: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)} a` },
      },
      { name: 'a file of it', copy: { content: 'own\n', dest: '/home/lawfresh/own', owner: 'lawfresh', mode: '0600' } },
    ],
  },
  'a folder, a template, a line': {
    found: ':',
    tasks: [
      { name: 'folder', file: { path: '/law/app', state: 'directory', mode: '0750' } },
      { name: 'template', template: { src: 'app.hbs', dest: '/law/app/conf', force: false }, register: 'conf' },
      { name: 'line', lineinfile: { path: '/law/app/conf', line: 'added=1' } },
      { name: 'note', copy: { content: 'new\n', dest: '/law/app/note' }, when: 'conf.changed', notify: 'tell' },
    ],
    handlers: [{ name: 'tell', lineinfile: { path: '/law/app/told', line: 'told', create: true } }],
    files: { 'templates/app.hbs': 'host={{inventory_hostname}}\n' },
  },
  // `masked` hides whether it starts at boot: unmasked, it would.
  'a unit that is unmasked and disabled': {
    found: [
      'mkdir -p /usr/local/lib/systemd/system',
      "printf '[Service]\\nExecStart=/bin/sleep 1000000\\n[Install]\\nWantedBy=multi-user.target\\n' >/usr/local/lib/systemd/system/law-masked.service",
      'systemctl daemon-reload; systemctl enable law-masked.service; systemctl mask law-masked.service',
    ].join('\n'),
    tasks: [{ name: 'unit', systemd: { name: 'law-masked', masked: false, enabled: false } }],
  },
  'a command and what it makes': {
    found: ':',
    tasks: [
      { name: 'command', command: { cmd: 'mkdir -m 0700 /law/made', creates: '/law/made' } },
      { name: 'in it', copy: { content: 'in it\n', dest: '/law/made/file' } },
      { name: 'look', stat: { path: '/law/made' }, register: 'made' },
      {
        name: 'decided by it',
        file: { path: '/law/made', state: 'directory', mode: '0755' },
        when: 'made.stat.exists',
      },
    ],
    touches: ['/law/made'],
  },
  'a package, its unit, and a handler': {
    found: ':',
    tasks: [
      { name: 'package', apt: { name: 'pitool-svc', update_cache: true }, notify: 'restart' },
      { name: 'its setting', copy: { content: 'x=1\n', dest: '/law/svc.conf' }, notify: 'restart' },
      { name: 'its unit', systemd: { name: 'pitool-svc', state: 'started', enabled: true } },
      { name: 'its account', file: { path: '/law/svc', state: 'directory', owner: 'pitool-svc', mode: '0750' } },
    ],
    handlers: [{ name: 'restart', systemd: { name: 'pitool-svc', state: 'restarted' } }],
    // What it brings, nobody can say before.
    touches: ['/law/svc'],
  },
}

/** All of them as one play: a booted host takes longer to look at than to change. */
export function freshPlay(): Trial {
  const all = Object.values(chains)
  return {
    found: all.map(({ found }) => found).join('\n'),
    tasks: Object.entries(chains).flatMap(([name, { tasks }]) => tasks.map(task => titled(name, task))),
    handlers: all.flatMap(({ handlers = [] }) => handlers),
    files: Object.assign({}, ...all.map(({ files }) => files)),
    touches: all.flatMap(({ touches = [] }) => touches),
  }
}

function titled(chain: string, task: TaskText): TaskText {
  return { ...task, name: `${chain}: ${String(task.name)}` }
}
