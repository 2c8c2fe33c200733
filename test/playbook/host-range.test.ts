import { expect, test } from 'vitest'
import { expandHosts } from '../../src/playbook/inventory/host-range.ts'

test.each<[string, readonly string[] | undefined]>([
  ['pi1', ['pi1']],
  ['pi[1:3]', ['pi1', 'pi2', 'pi3']],
  ['pi[08:10]', ['pi08', 'pi09', 'pi10']],
  ['pi[8:10]', ['pi8', 'pi9', 'pi10']],
  ['[a:c].lan', ['a.lan', 'b.lan', 'c.lan']],
  ['n[1:5:2]', ['n1', 'n3', 'n5']],
  ['r[1:2]n[a:b]', ['r1na', 'r1nb', 'r2na', 'r2nb']],
  ['pi[3:1]', undefined],
  ['pi[1-3]', undefined],
  ['pi[1:3', undefined],
  ['pi[a:3]', undefined],
  ['pi[a:C]', undefined],
  ['pi[1:99999999]', undefined],
  ['pi[1:5:0]', undefined],
])('%s', (name, hosts) => {
  expect(expandHosts(name)).toEqual(hosts)
})
