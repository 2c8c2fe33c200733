import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { loadProject } from '../../src/playbook/index.ts'

const root = join(import.meta.dirname, '..', '..')
const copy = mkdtempSync(join(tmpdir(), 'pitool-project-'))
afterAll(() => rmSync(copy, { recursive: true }))
for (const folder of ['inventory', 'playbooks', 'roles'])
  cpSync(join(root, folder), join(copy, folder), { recursive: true })

const load = (cwd: string, playbook: string, extraVars: readonly string[] = []) =>
  loadProject({ cwd, playbooks: [playbook], modules, extraVars })

describe('the playbooks', () => {
  it.each([
    'site',
    'join-worker',
    'prepare-node',
    'label-nodes',
    'keepalived',
    'test-dns-failover',
    'gravity-sync',
    'nebula-sync',
  ])('%s has no mistake', name => {
    expect(load(copy, `playbooks/${name}.yml`).plays.length).toBeGreaterThan(0)
  })
  it('nfs has none once it is told which export', () => {
    const told = ['nfs_server=198.18.0.9', 'nfs_export=/srv/nfs', 'nfs_name=media']
    expect(load(copy, 'playbooks/nfs.yml', told).plays[0]!.hosts).toContain('pi-k3s')
    expect(() => load(copy, 'playbooks/nfs.yml')).toThrow(/'nfs_server' is not defined/)
  })
  it('joining means the workers, and only them', () => {
    const [play] = load(copy, 'playbooks/join-worker.yml').plays
    expect(play!.hosts).toEqual(['pi5-worker-1', 'pi3-worker-1', 'pi3-worker-2'])
  })
  it('nodes are prepared one at a time', () => {
    expect(load(copy, 'playbooks/prepare-node.yml').plays[0]!.serial).toEqual([1])
  })
})

describe('the inventory', () => {
  const hosts = join(copy, 'inventory/hosts.yml')
  it('has the cluster as it is', () => {
    const { inventory } = load(copy, 'playbooks/site.yml')
    expect([...inventory.hosts.keys()].sort()).toEqual(['pi-k3s', 'pi3-worker-1', 'pi3-worker-2', 'pi5-worker-1'])
    expect(inventory.groups.get('server')).toEqual(['pi-k3s'])
    expect([...inventory.groups.get('pi5')!].sort()).toEqual(['pi-k3s', 'pi5-worker-1'])
  })
  it('takes a new node by one line, which brings it all it needs', () => {
    const text = readFileSync(hosts, 'utf8')
    const line = '            pi5-worker-1: { host: 192.168.1.54 }\n'
    expect(text).toContain(line)
    writeFileSync(hosts, text.replace(line, `${line}            pi5-worker-2: { host: 192.168.1.56 }\n`))
    const { inventory, plays } = load(copy, 'playbooks/join-worker.yml')
    writeFileSync(hosts, text)
    const [old, added] = ['pi5-worker-1', 'pi5-worker-2'].map(name => inventory.hosts.get(name)!)
    expect(plays[0]!.hosts).toContain('pi5-worker-2')
    expect([...added!.groups].sort()).toEqual([...old!.groups].sort())
    const names = (host: typeof added) => host!.layers.flatMap(layer => [...layer.vars.keys()]).sort()
    expect(names(added)).toEqual(names(old))
    expect(names(added)).toContain('node_labels')
  })
})
