import fc, { type Arbitrary } from 'fast-check'
import { Secret } from '../../../src/core/secret.ts'
import { printBytes } from '../../../src/core/sh.ts'
import { agentUnitText } from '../../../src/modules/k3s/agent-unit.ts'
import {
  agentConfigPath,
  agentEnvPath,
  agentUninstallPath,
  agentUnitName,
  agentUnitPath,
  k3sPath,
} from '../../../src/modules/k3s/paths.ts'
import { absent, cluster, fileAnswer, groups, marked, member, there, unitAnswer } from '../gen/answers.ts'
import type { Trial } from '../trial.ts'
import type { Cases, ClusterAt } from './cases.ts'
import { servedNode } from './cluster.ts'

type Arbitrated<A> = A extends Arbitrary<infer T> ? T : never

const hash = 'ab'.repeat(32)
const own = `K10${hash}::server:canary-of-the-server`
const bootstrap = `K10${hash}::abcdef.0123456789abcdef`
const url = 'https://192.0.2.9:6443'

const env = fc
  .record({ url: fc.constantFrom(url, 'https://other:6443'), token: fc.constantFrom(own, bootstrap, undefined) })
  .map(({ url, token }) => `K3S_URL='${url}'\n${token === undefined ? '' : `K3S_TOKEN='${token}'\n`}`)

const server = fc.boolean().map(makesTokens => ({
  token: new Secret(own),
  caHash: hash,
  version: makesTokens ? 'v1.30.4+k3s1' : 'v1.21.3+k3s1',
  makesTokens,
}))

export const k3sToken: Cases = {
  module: 'k3s_token',
  // The host's own part is as the agent's trial has it.
  cluster: ({ server, token }) =>
    fc.constantFrom('auto', 'server', 'server').map(
      (kind): Trial => ({
        found: ':',
        tasks: [
          { name: 'one', k3s_token: { kind }, register: 'r' },
          {
            name: 'kept',
            copy: { content: '{{json r.token}}', dest: '/law/token', mode: '0600' },
            when: 'r.kind == "server"',
          },
        ],
        // One that is made for a host that has not joined is another each time.
        always: kind === 'auto' ? ['one'] : [],
        groups: { server: [server] },
        secrets: { token },
      }),
    ),
  answers: fc
    .record({
      kind: fc.constantFrom('auto', 'server', 'bootstrap'),
      server,
      member,
      cluster,
      env: fileAnswer(agentEnvPath, env, '0600'),
    })
    // A token is made at each run until the host has joined: that is for k3s_agent, so here it is had already.
    .filter(({ kind, server, member, env, cluster }) => {
      const joined =
        member.active &&
        (env.text ?? '').includes('K3S_TOKEN') &&
        cluster.nodes.some(({ name }) => name === member.node)
      return kind === 'server' || joined || !server.makesTokens
    })
    .map(({ kind, server, member, cluster, env }) => ({
      args: { kind },
      answers: { 'k3s.token': server, 'k3s.member': member, 'k3s.nodes': cluster, file: env },
      groups,
    })),
  readOnly: true,
}

export const k3sNodeInfo: Cases = {
  module: 'k3s_node_info',
  cluster: ({ server }) =>
    fc.constantFrom({}, { node: 'n-info' }, { node: server }, { node: 'nobody' }).map(
      (args): Trial => ({
        found: ':',
        served: servedNode('n-info', { labels: { a: 'b' }, taints: ['slow:NoSchedule'], cordoned: true }),
        tasks: [{ name: 'one', k3s_node_info: args, register: 'r' }],
        groups: { server: [server] },
      }),
    ),
  answers: fc.record({ 'k3s.member': member, 'k3s.nodes': cluster }).map(answers => ({ args: {}, answers, groups })),
  readOnly: true,
}

export const cgroupInfo: Cases = {
  module: 'cgroup_info',
  lab: fc.constant({ found: ':', tasks: [{ name: 'one', cgroup_info: {}, register: 'r' }] }),
  answers: fc
    .record({ version: fc.constantFrom(1, 2), controllers: fc.subarray(['cpu', 'memory', 'pids']) })
    .map(answer => ({ args: {}, answers: { 'host.cgroup': answer } })),
  readOnly: true,
}

const binary = fc.record({
  version: fc.constantFrom('v1.30.4+k3s1', 'v1.29.0+k3s1'),
  exists: fc.constant(true),
  digest: fc.constant('cd'.repeat(32)),
})

/** Unit, membership and Node as they hang together: what runs has its file and its Node, of the program's version. */
const agentState = fc
  .record({
    unit: unitAnswer(agentUnitName).filter(({ masked, enabled }) => !masked && enabled !== 'generated'),
    unitFile: fc.constantFrom(agentUnitText([]), agentUnitText(['--node-ip', '192.0.2.5'])),
    env: fileAnswer(agentEnvPath, env, '0600'),
    binary,
    cluster,
  })
  .map(({ unit, unitFile, env, binary, cluster }) => {
    const installed = unit.load === 'loaded'
    const runs = unit.active === 'active'
    const others = cluster.nodes.filter(({ name }) => name !== 'host' && name !== 'host.lan')
    const own = { ...cluster.nodes[0]!, name: 'host', version: binary.version, ready: true }
    return {
      'k3s.binary': binary,
      [`file ${agentUnitPath}`]: installed ? there(agentUnitPath, unitFile) : absent(agentUnitPath),
      [`file ${agentEnvPath}`]: env,
      unit,
      'k3s.member': {
        role: installed ? 'agent' : 'none',
        active: runs,
        node: 'host',
        hostname: 'host',
        machine: 'aarch64',
      },
      'k3s.nodes': { ...cluster, nodes: runs && cluster.nodes.length > 0 ? [...others, own] : others },
    }
  })
  // A running agent without its Node is restarted each time until it is back, which only the server can tell.
  .filter(({ unit, 'k3s.nodes': { nodes } }) => unit.active !== 'active' || nodes.some(({ name }) => name === 'host'))

const installer = { path: '/files/install.sh', type: 'file', mode: '0644', size: 10, bytes: Buffer.from('#!/bin/sh\n') }

const foundAgents = fc.record({
  state: fc.constantFrom('none', 'files', 'joined', 'joined', 'joined'),
  arguments: fc.constantFrom([], ['--node-label=a=b']),
  more: fc.constantFrom('', "NO_PROXY='law'\n"),
  program: fc.boolean(),
  config: fc.constantFrom(undefined, 'kubelet-arg:\n- a=b\n'),
})

const agentWish = fc.record(
  {
    extra_args: fc.subarray(['--node-label=a=b', '--kubelet-arg=max-pods=20']),
    env: fc.constantFrom({ NO_PROXY: 'law' }, { HTTPS_PROXY: '' }),
    config: fc.constantFrom({ 'kubelet-arg': ['a=b'] }, { 'node-label': ['c=d'] }),
  },
  { requiredKeys: [] },
)

/** The host's state, of all that joining writes; `joined`: its Node is Ready when the play begins. */
function foundAgent(
  { state, arguments: args, more, program, config }: Arbitrated<typeof foundAgents>,
  { url, token }: ClusterAt,
): string {
  const write = (path: string, text: string, mode: string) =>
    `mkdir -p "$(dirname ${path})"; ${printBytes(text)} >${path}; chmod ${mode} ${path}`
  const files =
    state === 'none'
      ? []
      : [
          write(agentUnitPath, agentUnitText(args), '0644'),
          write(agentEnvPath, `K3S_URL='${url}'\nK3S_TOKEN='${token}'\n${more}`, '0600'),
          ...(config === undefined ? [] : [write(agentConfigPath, config, '0600')]),
        ]
  return [
    'systemctl disable --now k3s-agent 2>/dev/null || :',
    `rm -rf ${agentUnitPath} ${agentEnvPath} ${agentConfigPath} ${k3sPath} /run/pitool/k3s-agent*`,
    ...(program || state === 'joined' ? [`cp /opt/law-k3s ${k3sPath}; chmod 0755 ${k3sPath}`] : []),
    ...files,
    'systemctl daemon-reload; systemctl reset-failed k3s-agent 2>/dev/null || :',
    ...(state === 'joined' ? ['systemctl enable k3s-agent; systemctl start k3s-agent'] : []),
  ].join('\n')
}

export const k3sAgent: Cases = {
  module: 'k3s_agent',
  cluster: at =>
    fc.tuple(foundAgents, agentWish).map(
      ([found, wish]): Trial => ({
        found: foundAgent(found, at),
        served: `k3s kubectl delete node ${at.node} --ignore-not-found >/dev/null`,
        tasks: [
          {
            name: 'one',
            k3s_agent: {
              url: at.url,
              token: '{{token}}',
              install: 'file',
              binary_src: at.program,
              join_timeout: 60,
              ...wish,
            },
            register: 'r',
          },
        ],
        groups: { server: [at.server] },
        secrets: { token: at.token },
      }),
    ),
  answers: fc
    .record({
      args: fc.record(
        {
          url: fc.constant(url),
          token: fc.constantFrom(new Secret(own), new Secret(bootstrap)),
          version: fc.constantFrom('v1.30.4+k3s1', 'v1.29.0+k3s1'),
          node_ip: fc.constant('192.0.2.5'),
          extra_args: fc.subarray(['--kubelet-arg=max-pods=20', '--flannel-iface eth0']),
          config: fc.constant({ 'kubelet-arg': ['a=b'] }),
          install: fc.constantFrom('binary', 'script'),
          script_src: fc.constant('/files/install.sh'),
        },
        { requiredKeys: ['url'] },
      ),
      config: fileAnswer(agentConfigPath, fc.constant('kubelet-arg:\n- a=b\n'), '0600'),
      uninstall: fileAnswer(agentUninstallPath, fc.constant('#!/bin/sh\n'), '0755'),
      mark: marked,
      state: agentState,
    })
    .filter(({ args }) => args.install !== 'script' || args.script_src !== undefined)
    .map(({ args, config, uninstall, mark, state }) => ({
      args,
      answers: {
        ...state,
        'local.file': installer,
        [`file ${agentUninstallPath}`]: uninstall,
        [`file ${agentConfigPath}`]: config,
        mark,
      },
      groups,
    })),
}
