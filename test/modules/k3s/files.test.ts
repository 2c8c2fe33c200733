import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reveal, Secret } from '../../../src/core/secret.ts'
import {
  agentConfigText,
  configProblem,
  labelsOfArguments,
  labelsProblem,
} from '../../../src/modules/k3s/agent-config.ts'
import { agentEnvText, readAgentEnv, sameEnv } from '../../../src/modules/k3s/agent-env.ts'
import { agentUnitText, sameUnit } from '../../../src/modules/k3s/agent-unit.ts'
import { type AgentWish, wishedUnit, wishProblem } from '../../../src/modules/k3s/agent-wish.ts'
import { releaseOf } from '../../../src/modules/k3s/release.ts'

// As the installers of 2021 and 2024 write it.
const installed = (type: string, args: string) => `[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=${type}
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-/etc/systemd/system/k3s-agent.service.env
KillMode=process
Delegate=yes
User=root
# Having non-zero Limit*s causes performance problems due to accounting overhead
# in the kernel. We recommend using cgroups to do container-local accounting.
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=/bin/sh -xc '! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service 2>/dev/null'
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s \\
    agent \\
${args}
`

describe('the unit', () => {
  const plain = agentUnitText([])
  const args = agentUnitText(['--node-ip', '10.0.0.1'])
  it.each([
    ['our own', plain, plain, true],
    ["the installer's", installed('notify', ''), plain, true],
    ["the installer's of before July 2022", installed('exec', ''), plain, true],
    ["the installer's with arguments", installed('notify', "\t'--node-ip' \\\n\t'10.0.0.1' \\\n"), args, true],
    ['other arguments', installed('notify', "\t'--node-ip' \\\n\t'10.0.0.2' \\\n"), args, false],
    ['fewer arguments', plain, args, false],
    ['more arguments', args, plain, false],
    ['another type', installed('simple', ''), plain, false],
    ['another limit', plain.replace('LimitNOFILE=1048576', 'LimitNOFILE=1024'), plain, false],
    ['no restart', plain.replace('Restart=always\n', ''), plain, false],
    ['a server', plain.replace('k3s agent', 'k3s server'), plain, false],
    ['garbage', 'hello', plain, false],
  ])('%s', (_, have, want, same) => expect(sameUnit(have, want)).toBe(same))
  it('holds no token', () => expect(plain).not.toMatch(/token/i))
  it('whatever the arguments, it is read back as the same, and as no other', () => {
    const word = fc.string({ minLength: 1, maxLength: 12 }).filter(text => !/[\n\r\0]/.test(text))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), fc.array(word, { maxLength: 4 }), (one, two) => {
        expect(sameUnit(agentUnitText(one), agentUnitText(one))).toBe(true)
        expect(sameUnit(agentUnitText(one), agentUnitText(two))).toBe(one.join('\0') === two.join('\0'))
      }),
    )
  })
})

describe('the environment file', () => {
  const token = new Secret("K10x::server:it's a $ecret\\")
  it('is a secret as soon as one is in it', () => {
    const text = agentEnvText({ K3S_URL: 'https://s:6443', K3S_TOKEN: token })
    expect(text).toBeInstanceOf(Secret)
    expect(String(text)).not.toContain('ecret:')
  })
  it.each([
    ["K3S_TOKEN='a'\nK3S_URL='https://s:6443'\n", true],
    ['K3S_URL=https://s:6443\nK3S_TOKEN=a\n', true],
    ['K3S_URL="https://s:6443"\n# by hand\nK3S_TOKEN="a"\n', true],
    ["export K3S_URL='https://s:6443'\nexport K3S_TOKEN='a'\n", true],
    ['K3S_URL=https://s:6443\nK3S_TOKEN=b\n', false],
    ['K3S_URL=https://s:6443\n', false],
    ['K3S_URL=https://s:6443\nK3S_TOKEN=a\nHTTP_PROXY=x\n', false],
    ['', false],
  ])('%j is the same as ours: %s', (text, same) => {
    expect(sameEnv(readAgentEnv(text), { K3S_URL: 'https://s:6443', K3S_TOKEN: new Secret('a') })).toBe(same)
  })
  it('is read back as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !/[\n\r]/.test(text) && text.trim() === text),
        value => {
          const read = readAgentEnv(reveal(agentEnvText({ A: value, K3S_TOKEN: new Secret(value) })))
          expect(read.A).toBe(value)
          expect(reveal(read.K3S_TOKEN!)).toBe(value)
        },
      ),
    )
  })
})

describe('config.yaml', () => {
  it('is plain YAML, whatever the values', () => {
    const text = agentConfigText({
      'node-name': 'a: #b',
      'kubelet-arg': ['x=1', 'y'],
      'with-node-id': true,
      v: 2,
      'node-taint': [],
    })
    expect(text).toBe(
      '# Written by pitool.\nnode-name: "a: #b"\nkubelet-arg:\n  - "x=1"\n  - "y"\nwith-node-id: true\nv: 2\nnode-taint: []\n',
    )
  })
  it('is a secret when one is in it', () => {
    expect(agentConfigText({ 'vpn-auth': new Secret('hush') })).toBeInstanceOf(Secret)
  })
  it.each([
    [{ token: 'x' }, /token/],
    [{ server: 'x' }, /server/],
    [{ nested: { a: 1 } }, /nested/],
    [{ list: [{ a: 1 }] }, /list/],
    [{ 'node-label': ['node-role.kubernetes.io/worker=true'] }, /ends at once/],
    [{ 'node-label': 'a b=c' }, /no label name/],
  ])('%j is refused', (config, why) => expect(configProblem(config)?.why).toMatch(why))
  it('a label that a node may set is all right', () => {
    expect(configProblem({ 'node-label': ['hardware=pi5', 'topology.kubernetes.io/zone=a'] })).toBeUndefined()
  })
})

describe('arguments', () => {
  const wish = (more: Partial<AgentWish>): AgentWish => ({ url: 'https://s:6443', extra_args: [], env: {}, ...more })
  it('find their labels in every spelling', () => {
    expect(labelsOfArguments(['--node-label', 'a=1', '--node-label=b=2', '--v', '2'])).toEqual(['a=1', 'b=2'])
    expect(labelsProblem(['a=1', 'k8s.io/x=1'])?.label).toBe(true)
  })
  it.each([
    ['--token=x'],
    ['--token x'],
    ['-t'],
    ['--server=https://x'],
    ['--node-label=k8s.io/x=1'],
    ['--node-label k8s.io/x=1'],
  ])('%s is refused', arg => expect(wishProblem(wish({ extra_args: [arg] }))).toBeDefined())
  it('a flag with its value in one text is two words', () => {
    const unit = wishedUnit(wish({ extra_args: ['--kubelet-arg max-pods=20'], node_name: 'w1' }))
    expect(unit).toContain('ExecStart=/usr/local/bin/k3s agent --node-name w1 --kubelet-arg max-pods=20\n')
  })
})

describe('a release', () => {
  it.each([
    ['aarch64', 'k3s-arm64', 'sha256sum-arm64.txt'],
    ['armv7l', 'k3s-armhf', 'sha256sum-arm.txt'],
    ['x86_64', 'k3s', 'sha256sum-amd64.txt'],
  ])('for %s', (machine, name, sums) => {
    const base = 'https://mirror.example/k3s/'
    expect(releaseOf(base, 'v1.30.4+k3s1', machine)).toEqual({
      url: `https://mirror.example/k3s/v1.30.4%2Bk3s1/${name}`,
      sums: { url: `https://mirror.example/k3s/v1.30.4%2Bk3s1/${sums}`, name },
    })
  })
  it('there is none for a Pi Zero', () => expect(releaseOf('https://x', 'v1', 'armv6l')).toBeUndefined())
})
