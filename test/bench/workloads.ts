import type { Step } from './step.ts'

export type Pass = 'first' | 'second' | 'check'

export interface Workload {
  readonly id: string
  readonly title: string
  readonly hosts: number
  readonly passes: readonly Pass[]
  readonly steps: readonly Step[]
  /** Round trip to the hosts in milliseconds, made by a proxy; absent: the bridge as it is. */
  readonly delayMs?: number
}

const every: readonly Pass[] = ['first', 'second', 'check']
const times = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))

const unit = (name: string) =>
  `[Unit]\nDescription=${name}\n\n[Service]\nExecStart=/bin/sleep infinity\n\n[Install]\nWantedBy=multi-user.target\n`
const config = (number: number) => times(20, line => `setting_${number}_${line} = value ${line}\n`).join('')

const file = (name: string, path: string, text: string): Step => ({ kind: 'file', path, name, text })
const numbered = (number: number) => file(`app-${number}.conf`, `/etc/bench/app-${number}.conf`, config(number))

/** Forty, where asking a command and writing down its answer counts as one. */
export const forty: readonly Step[] = [
  ...['/etc/bench', '/etc/bench/conf.d', '/var/lib/bench', '/var/lib/bench/data', '/opt/bench'].map(
    (path): Step => ({ kind: 'directory', path }),
  ),
  { kind: 'group', name: 'bench' },
  { kind: 'user', name: 'bench', group: 'bench' },
  ...times(8, numbered),
  ...['bench-a', 'bench-b'].map(name => file(`${name}.service`, `/etc/systemd/system/${name}.service`, unit(name))),
  ...times(5, (number): Step => {
    const text = `# of {{ inventory_hostname }}\n${config(number)}`
    return { kind: 'template', name: `part-${number}.conf`, path: `/etc/bench/conf.d/part-${number}.conf`, text }
  }),
  ...times(5, (number): Step => ({ kind: 'line', path: '/etc/bench/settings', line: `option_${number}=yes` })),
  { kind: 'service', name: 'bench-a.service' },
  { kind: 'service', name: 'bench-b.service' },
  { kind: 'mask', unit: 'systemd-networkd.service' },
  { kind: 'mask', unit: 'apt-daily.timer' },
  { kind: 'package', name: 'hello-pitool' },
  { kind: 'package', name: 'pitool-conf' },
  { kind: 'package', name: 'jq' },
  { kind: 'link', path: '/opt/bench/current', target: '/var/lib/bench/data' },
  { kind: 'answer', path: '/etc/bench/machine', command: 'uname -m' },
  file('90-bench.conf', '/etc/sysctl.d/90-bench.conf', 'net.ipv4.conf.all.log_martians = 1\n'),
  ...times(3, (number): Step => {
    const creates = `/var/lib/bench/done-${number}`
    return { kind: 'command', command: `touch ${creates}`, creates }
  }),
]

/** The forty and more of the same kinds: 246 tasks in all. */
const many: readonly Step[] = [
  ...forty,
  ...times(50, (number): Step => ({ kind: 'directory', path: `/var/lib/bench/data/${number}` })),
  ...times(100, number => numbered(number + 100)),
  ...times(55, (number): Step => ({ kind: 'line', path: '/etc/bench/more', line: `more_${number}=yes` })),
]

const slow = (delayMs: number): Workload => ({
  id: `W2-${delayMs}`,
  title: `Forty steps on 4 hosts, ${delayMs} ms away`,
  hosts: 4,
  passes: every,
  steps: forty,
  delayMs,
})

export const workloads: readonly Workload[] = [
  { id: 'W1', title: 'Forty steps on 4 hosts', hosts: 4, passes: every, steps: forty },
  { id: 'W1-20', title: 'Forty steps on 20 hosts', hosts: 20, passes: every, steps: forty },
  slow(25),
  slow(100),
  {
    id: 'W3',
    title: '1,000 small files in a folder',
    hosts: 1,
    passes: ['first', 'second'],
    steps: [{ kind: 'tree', path: '/opt/tree', name: 'tree', count: 1000 }],
  },
  {
    id: 'W4',
    title: 'A file of 200 MB',
    hosts: 1,
    passes: ['first', 'second'],
    steps: [{ kind: 'blob', path: '/opt/blob', name: 'blob', megabytes: 200 }],
  },
  { id: 'W5', title: '246 tasks, nothing to do', hosts: 1, passes: ['second'], steps: many },
  {
    id: 'W5-100',
    title: '246 tasks, nothing to do, 100 ms away',
    hosts: 1,
    passes: ['second'],
    steps: many,
    delayMs: 100,
  },
]
