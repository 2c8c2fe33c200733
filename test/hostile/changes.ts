import { runCommand } from '../../src/changes/command-run.ts'
import { makeDir } from '../../src/changes/dir-make.ts'
import { setAttrs } from '../../src/changes/file-attrs.ts'
import { downloadFile } from '../../src/changes/file-download.ts'
import { removeFile } from '../../src/changes/file-remove.ts'
import { sendFile } from '../../src/changes/file-send.ts'
import { uploadFile } from '../../src/changes/file-upload.ts'
import { writeFile } from '../../src/changes/file-write.ts'
import { setGroup } from '../../src/changes/group-set.ts'
import { setHostname } from '../../src/changes/hostname-set.ts'
import { installK3s } from '../../src/changes/k3s-install.ts'
import { applyObject } from '../../src/changes/k8s-apply.ts'
import { deleteObject } from '../../src/changes/k8s-delete.ts'
import { scaleObject } from '../../src/changes/k8s-scale.ts'
import { makeLink } from '../../src/changes/link-make.ts'
import type { LockRelease } from '../../src/changes/lock-release.ts'
import type { LockTake } from '../../src/changes/lock-take.ts'
import { clearMark } from '../../src/changes/mark-clear.ts'
import { setMark } from '../../src/changes/mark-set.ts'
import { setConnection } from '../../src/changes/nm-set.ts'
import { cordonNode } from '../../src/changes/node-cordon.ts'
import { drainNode } from '../../src/changes/node-drain.ts'
import { labelNode } from '../../src/changes/node-label.ts'
import { taintNode } from '../../src/changes/node-taint.ts'
import { setPackages } from '../../src/changes/package-set.ts'
import type { PendingClear } from '../../src/changes/pending-clear.ts'
import type { PendingMark } from '../../src/changes/pending-mark.ts'
import { rebootHost } from '../../src/changes/reboot.ts'
import { swapOff } from '../../src/changes/swap-off.ts'
import { setSysctl } from '../../src/changes/sysctl-set.ts'
import { createToken } from '../../src/changes/token-create.ts'
import { setUnit } from '../../src/changes/unit-set.ts'
import { setUser } from '../../src/changes/user-set.ts'
import { Secret } from '../../src/core/secret.ts'
import { quote } from '../../src/core/sh.ts'
import type { ChangeEntries } from './entry.ts'

const objectOf = (text: string) => ({ apiVersion: 'v1', kind: text, name: text, namespace: text })
const inService = { cordoned: false, by: undefined }
const at = (path: string) => ({ path, real: path })
const owned = (text: string) => [`${text}:${text}`]

/** Each kind as a plan would have it: what stands in `before` is shown only. */
export const changeEntries: ChangeEntries = {
  'command.run': [
    { make: text => runCommand({ argv: ['probe', text], stdin: text }), told: text => [text] },
    { make: text => runCommand({ argv: [text, text] }) },
    { make: text => runCommand({ text: 'probe "$X"', environment: { X: text } }), told: text => [text] },
    {
      make: text => runCommand({ text: new Secret(`probe ${"'"}${text.replaceAll("'", "'\\''")}${"'"}`) }),
      told: text => [text],
    },
    { make: text => runCommand({ text: ':', executable: text, chdir: text }) },
    { make: (text, path) => runCommand({ text: new Secret('probe'), executable: text, chdir: path }) },
  ],
  'dir.make': [
    {
      make: (text, path) => makeDir({ ...at(`${path}/b`), missing: [path], mode: '0750', owner: text, group: text }),
      told: owned,
      left: (_, path) => [[`${path}/b`]],
    },
    { make: (text, path) => makeDir({ ...at(path), missing: [], mode: text }) },
  ],
  'file.attrs': [
    { make: (text, path) => setAttrs({ ...at(path), type: 'file', mode: text, owner: text, group: text, before: {} }) },
    { make: (text, path) => setAttrs({ ...at(path), type: 'directory', mode: text, before: {} }) },
  ],
  'file.remove': [
    { make: (text, path) => removeFile({ ...at(path), type: 'directory', before: text }) },
    { make: (text, path) => removeFile({ ...at(path), type: 'file', expects: text }) },
  ],
  'file.write': [
    {
      make: (text, path) =>
        writeFile({ ...at(path), text, owner: text, group: text, backup: `${path}~`, expects: 'absent' }),
      told: owned,
      left: (text, path) => [[path, text]],
    },
    {
      make: (_, path) => writeFile({ ...at(path), text: 'x', validate: 'probe %s' }),
      left: (_, path) => [[path, 'x']],
    },
    { make: (text, path) => writeFile({ ...at(path), text: new Secret(text), unsafe: true, expects: text }) },
    {
      make: (text, path) =>
        writeFile({ ...at(path), text, kept: { mode: text, owner: text, group: text }, mode: text }),
    },
  ],
  'link.make': [
    {
      make: (text, path) =>
        makeLink({ ...at(path), target: text.slice(0, 1000), owner: text, group: text, replaces: 'absent' }),
      told: owned,
      left: (_, path) => [[path]],
    },
    { make: (text, path) => makeLink({ ...at(path), target: text, hard: true, replaces: { target: text } }) },
  ],
  'unit.set': [
    {
      make: text => setUnit({ name: text, enabled: true, masked: false, state: 'restarted', daemonReload: true }),
      told: text => [text],
    },
  ],
  'package.set': [
    {
      make: text =>
        setPackages({ names: [text], state: 'present', updateCache: true, defaultRelease: text, lockTimeout: 1 }),
      told: text => [text],
    },
    {
      make: text => setPackages({ names: ['a', text], state: 'absent', purge: true, lockTimeout: 1 }),
      told: text => [text],
    },
  ],
  'user.set': [
    {
      make: text =>
        setUser({
          name: text,
          action: 'add',
          group: text,
          groups: [text, 'x'],
          home: text,
          shell: text,
          comment: text,
        }),
      told: text => [text, `${text},x`],
    },
    {
      make: text => setUser({ name: text, action: 'change', comment: text, home: text, moveHome: true }),
      told: text => [text],
    },
    { make: text => setUser({ name: text, action: 'remove', removeHome: true }), told: text => [text] },
    {
      make: text => setUser({ name: 'pi', action: 'change', password: new Secret(text) }),
      heard: text => `pi:${text}\n`,
      refuses: text => /[:\n\r]/.test(text),
    },
    {
      make: text => setUser({ name: text, action: 'change', password: new Secret('!') }),
      heard: text => `${text}:!\n`,
      refuses: text => /[:\n\r]/.test(text),
    },
  ],
  'group.set': [
    { make: text => setGroup({ name: text, action: 'add', gid: 7 }), told: text => [text] },
    { make: text => setGroup({ name: text, action: 'change', gid: 7 }), told: text => [text] },
    { make: text => setGroup({ name: text, action: 'remove' }), told: text => [text] },
  ],
  'hostname.set': [{ make: text => setHostname({ name: text }), told: text => [text] }],
  'sysctl.set': [
    { make: text => setSysctl({ name: 'kernel.panic', value: text }), bytes: true },
    { make: text => setSysctl({ name: text, value: text }), refuses: text => text.split('/').includes('..') },
  ],
  'file.download': [
    {
      make: (text, path) => downloadFile({ path, url: text, digest: text, mode: '0755' }),
      told: text => [text],
    },
    {
      make: (text, path) => downloadFile({ path, url: text, sums: { url: text, name: text }, mode: text }),
      told: text => [text],
    },
  ],
  'file.send': [
    {
      make: (text, path) =>
        sendFile({
          path,
          real: path,
          from: '/dev/null',
          digest: text,
          size: 1,
          mode: text,
          owner: text,
          group: text,
          validate: `probe ${quote(text)} %s`,
          backup: `${path}${text.replaceAll('/', '')}`,
        }),
    },
  ],
  'file.upload': [
    { make: (text, path) => uploadFile({ path, from: '/dev/null', digest: text, size: 1, mode: text, what: text }) },
  ],
  'k3s.install': [
    {
      make: text =>
        installK3s({ text: Buffer.from(text), from: text, url: text, arguments: [text, '--x'], makes: [text] }),
      told: text => [text],
      heard: text => text,
    },
  ],
  'k8s.apply': [
    {
      make: text => applyObject({ ref: objectOf(text), manifest: text, digest: '', seen: '', becomes: {}, fields: [] }),
      told: text => [text, `--namespace=${text}`],
      heard: text => text,
    },
    {
      make: text => applyObject({ ref: objectOf('x'), manifest: '', digest: '', seen: text, becomes: {}, fields: [] }),
    },
  ],
  'k8s.delete': [
    { make: text => deleteObject({ ref: objectOf(text), uid: '', fields: [] }), told: text => [text] },
    { make: text => deleteObject({ ref: objectOf('x'), uid: text, fields: [] }) },
  ],
  'k8s.scale': [
    {
      make: text => scaleObject({ ref: objectOf(text), replicas: 1, before: undefined, becomes: {} }),
      told: text => [text, `--namespace=${text}`],
    },
  ],
  'mark.set': [{ make: (text, path) => setMark(path, text) }],
  'mark.clear': [{ make: (_, path) => clearMark(path) }],
  'nm.set': [
    {
      make: text =>
        setConnection({
          uuid: text,
          name: text,
          device: text,
          settings: { 'ipv4.dns': text },
          before: { 'ipv4.dns': '' },
        }),
      told: text => [text],
    },
  ],
  'node.cordon': [
    { make: text => cordonNode({ node: text, cordoned: true, by: text, before: inService }), told: text => [text] },
  ],
  'node.drain': [
    {
      make: text => drainNode({ node: text, deleteEmptydirData: true, force: true, disableEviction: true, within: 1 }),
      told: text => [text],
    },
  ],
  'node.label': [
    {
      make: text => labelNode({ node: text, set: { [text]: text }, remove: [text], before: {} }),
      told: text => [text, `${text}=${text}`, `${text}-`],
    },
  ],
  'node.taint': [
    {
      make: text => taintNode({ node: text, set: [text], remove: [text], before: [], after: [] }),
      told: text => [text, `${text}-`],
    },
  ],
  'lock.take': [{ make: (text): LockTake => ({ kind: 'lock.take', holder: text }) }],
  'lock.release': [
    { make: (text): LockRelease => ({ kind: 'lock.release', holder: text }) },
    { make: (text): LockRelease => ({ kind: 'lock.release', holder: text, force: true }) },
  ],
  // The names of notes are ours.
  'pending.mark': [{ make: (text): PendingMark => ({ kind: 'pending.mark', id: 'a0', note: text }), bare: true }],
  'pending.clear': [{ make: (text): PendingClear => ({ kind: 'pending.clear', ids: [text.replaceAll('/', '')] }) }],
  reboot: [{ make: text => rebootHost({ message: text, reason: text }), told: text => [text] }],
  'swap.off': [{ make: text => swapOff([text, '/var/swap']) }],
  'token.create': [{ make: text => createToken(text, text, text), told: text => [text] }],
}
