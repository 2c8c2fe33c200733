import fc from 'fast-check'
import { printBytes } from '../../../src/core/sh.ts'
import { absent, fileAnswer, there, unitAnswer } from '../gen/answers.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const parameter = fc.constantFrom('net.ipv4.ip_forward', 'net.ipv4.conf.lo.rp_filter')
const sysctlText = fc
  .array(
    fc.constantFrom(
      'net.ipv4.ip_forward = 1',
      'net.ipv4.ip_forward=0',
      '# net.ipv4.ip_forward=1',
      'net.ipv4.conf.lo.rp_filter = 2',
      '',
    ),
    { maxLength: 4 },
  )
  .map(lines => lines.map(one => `${one}\n`).join(''))
const sysctlWish = fc.record(
  {
    name: parameter,
    value: fc.constantFrom<string | number>('1', 0, 2, ' 1 '),
    state: fc.constantFrom('present', 'present', 'absent'),
    sysctl_set: fc.boolean(),
  },
  { requiredKeys: ['name', 'value'] },
)

export const sysctl: Cases = {
  module: 'sysctl',
  scratch: fc.tuple(fc.option(sysctlText, { nil: undefined, freq: 4 }), sysctlWish).map(
    ([text, wish]): Trial => ({
      found: text === undefined ? ':' : `${printBytes(text)} >/law/sysctl.conf`,
      tasks: [{ name: 'one', sysctl: { ...wish, sysctl_set: false, sysctl_file: '/law/sysctl.conf' } }],
    }),
  ),
  answers: fc
    .tuple(fileAnswer('/etc/sysctl.d/99-pitool.conf', sysctlText), sysctlWish, fc.constantFrom('0', '1', '2', null))
    .map(([file, args, value]) => ({ args, answers: { file, sysctl: value } })),
  lab: fc.tuple(fc.option(sysctlText, { nil: undefined, freq: 4 }), sysctlWish, fc.constantFrom('0', '1')).map(
    ([text, wish, value]): Trial => ({
      found: [
        'rm -f /etc/sysctl.d/99-pitool.conf',
        ...(text === undefined ? [] : [`${printBytes(text)} >/etc/sysctl.d/99-pitool.conf`]),
        `echo ${value} >/proc/sys/net/ipv4/ip_forward`,
        `echo ${value} >/proc/sys/net/ipv4/conf/lo/rp_filter`,
      ].join('\n'),
      tasks: [{ name: 'one', sysctl: wish }],
    }),
  ),
}

const names = fc.constantFrom('laws', 'law-1', 'law.example.org')
const hostsText = fc.constantFrom(
  '127.0.0.1\tlocalhost\n127.0.1.1\told\n',
  '127.0.0.1 localhost\n::1 localhost\n',
  '127.0.0.1 localhost law-1\n',
  '',
)
const cloud = '/etc/cloud/cloud.cfg.d/99-pitool-hostname.cfg'

export const hostname: Cases = {
  module: 'hostname',
  answers: fc
    .record({
      name: names,
      hosts: fileAnswer('/etc/hosts', hostsText),
      state: fc.record({ static: names, running: names, cloudInit: fc.boolean(), managedHosts: fc.boolean() }),
      kept: fc.boolean(),
    })
    .map(({ name, hosts, state, kept }) => ({
      args: { name },
      answers: {
        hostname: { ...state, cloudInit: state.cloudInit && !kept },
        'file /etc/hosts': hosts,
        [`file ${cloud}`]: kept ? there(cloud, 'preserve_hostname: true\n') : absent(cloud),
      },
    })),
  lab: fc.tuple(names, names, names, hostsText).map(
    ([found, running, wish, hosts]): Trial => ({
      found: [
        `printf '%s\\n' ${found} >/etc/hostname; hostname ${running}`,
        `${printBytes(`${hosts}198.18.26.1 gateway\n`)} >/etc/hosts`,
      ].join('\n'),
      tasks: [{ name: 'one', hostname: { name: wish } }],
    }),
  ),
}

const unitWish = fc.record(
  {
    state: fc.constantFrom('started', 'stopped'),
    enabled: fc.boolean(),
    masked: fc.boolean(),
    daemon_reload: fc.boolean(),
  },
  { requiredKeys: [] },
)

/** Nobody can start what is masked, nor enable it. */
const possible = ({ state, enabled, masked }: { state?: string; enabled?: boolean; masked?: boolean }) =>
  !(masked === true && (state === 'started' || enabled === true))

const unitAnswers = fc
  .tuple(unitWish.filter(possible), unitAnswer('law.service'), fc.boolean())
  .map(([wish, unit, stale]) => ({
    args: { name: 'law', ...wish },
    answers: { unit, 'unit.stale': stale },
  }))

const unitFile = (command: string, install: boolean) =>
  `[Service]\\nExecStart=${command}\\n${install ? '[Install]\\nWantedBy=multi-user.target\\n' : ''}`

const unitTrials = (module: string, unit = `law-${module.replace('_', '-')}.service`) =>
  fc
    .record({
      wish: unitWish.filter(possible),
      install: fc.boolean(),
      enabled: fc.boolean(),
      started: fc.boolean(),
      masked: fc.boolean(),
      stale: fc.boolean(),
      // One in /etc stands where a mask would.
      folder: fc.constantFrom('/etc/systemd/system', '/usr/local/lib/systemd/system'),
    })
    .map(
      ({ wish, install, enabled, started, masked, stale, folder }): Trial => ({
        found: [
          `systemctl unmask ${unit} 2>/dev/null || :; systemctl unmask --runtime ${unit} 2>/dev/null || :; systemctl disable --now ${unit} 2>/dev/null || :`,
          `rm -f /etc/systemd/system/${unit} /usr/local/lib/systemd/system/${unit}`,
          `mkdir -p ${folder}`,
          `printf '${unitFile('/bin/sleep 1000000', install)}' >${folder}/${unit}; systemctl daemon-reload`,
          ...(enabled && install ? [`systemctl enable ${unit}`] : []),
          ...(started ? [`systemctl start ${unit}`] : []),
          ...(stale ? [`printf '${unitFile('/bin/sleep 2000000', install)}' >${folder}/${unit}`] : []),
          ...(masked ? [`systemctl mask ${unit} 2>/dev/null || :`] : []),
        ].join('\n'),
        tasks: [{ name: 'one', [module]: { name: unit, ...wish } }],
      }),
    )

export const systemd: Cases = { module: 'systemd', answers: unitAnswers, lab: unitTrials('systemd') }
export const service: Cases = { module: 'service', answers: unitAnswers, lab: unitTrials('service') }
export const systemdService: Cases = {
  module: 'systemd_service',
  answers: unitAnswers,
  lab: unitTrials('systemd_service'),
}

const packageAnswer = (name: string) =>
  fc.constantFrom('no', 'config', '1.0', '1.1').map(state => ({
    name,
    installed: state.includes('.'),
    ...(state.includes('.') ? { version: state } : {}),
    held: false,
    configLeft: state === 'config',
    broken: false,
  }))

const aptWish = fc.record(
  {
    name: fc.oneof(
      fc.constantFrom('hello-pitool', 'pitool-conf', 'hello-pitool=1.0', 'hello-pitool=1.1'),
      fc.constant(['hello-pitool', 'pitool-conf']),
    ),
    state: fc.constantFrom('present', 'present', 'absent'),
    purge: fc.boolean(),
    allow_downgrade: fc.constant(true),
  },
  { requiredKeys: ['name', 'allow_downgrade'] },
)

export const apt: Cases = {
  module: 'apt',
  answers: fc
    .record({
      args: aptWish,
      hello: packageAnswer('hello-pitool'),
      conf: packageAnswer('pitool-conf'),
      age: fc.constantFrom(10, 10_000, undefined),
    })
    .map(({ args, hello, conf, age }) => ({
      args,
      answers: { 'package hello-pitool': hello, 'package pitool-conf': conf, 'apt.lists': { age } },
    })),
  lab: fc.tuple(fc.constantFrom('', 'hello-pitool=1.0', 'hello-pitool pitool-conf=1.0'), aptWish).map(
    ([installed, wish]): Trial => ({
      found: [
        '[ -e /var/lib/apt/law ] || { apt-get -q update && touch /var/lib/apt/law; } >/dev/null',
        'DEBIAN_FRONTEND=noninteractive apt-get -qy purge hello-pitool pitool-conf >/dev/null 2>&1',
        ...(installed === ''
          ? []
          : [`DEBIAN_FRONTEND=noninteractive apt-get -qy install ${installed} >/dev/null 2>&1`]),
      ].join('\n'),
      tasks: [{ name: 'one', apt: wish }],
    }),
  ),
}
