import type { Arbitrary } from 'fast-check'
import { cases } from './cases/index.ts'
import { playOfAnswers } from './of-answers.ts'
import type { Law } from './rules/rule.ts'
import type { Trial } from './trial.ts'

/** Plays of every module, for laws that need no state to be found: those of a folder, of a booted host, or of answers. */
export function playsOf(module: string): Arbitrary<Trial> {
  const { scratch, answers, lab } = cases.find(one => one.module === module)!
  return scratch ?? answers?.map(trial => playOfAnswers(module, trial)) ?? lab!
}

const local = 'decided by the engine itself: no host is asked and nothing is carried'
const looks = 'it only looks: it plans no change that could be cut short'
const noText = 'it has no argument that is a text'

const objects = 'it acts on a cluster: the scenario nfs checks, runs and runs again there'
const unput = {
  k8s: objects,
  k8s_scale: objects,
  reboot:
    'it ends all that a look before could be compared with: a scenario (drain) checks, runs, is killed and runs again',
}

/** Why a law says nothing about a module. Everything else is tried, and a test keeps it so. */
export const exempt: { readonly [law in Law]: { readonly [module: string]: string } } = {
  L1: unput,
  L2: {},
  L3: {},
  L4: {
    assert: local,
    cgroup_info: looks,
    command: 'what a command does when it is killed is its own: its arguments say how often it may run',
    debug: local,
    fail: local,
    k3s_node_info: looks,
    pause: looks,
    reboot_info: looks,
    shell: 'what a command does when it is killed is its own: its arguments say how often it may run',
    shared_address: looks,
    slurp: looks,
    stat: looks,
    wait_for: looks,
  },
  L5: { cgroup_info: noText, pause: noText, reboot_info: noText, swap: noText },
  L6: {},
  L7: {
    assert: local,
    command: 'what a command prints is its answer, whatever it is',
    debug: local,
    fail: local,
    pause: 'it asks nothing',
    set_fact: local,
    shared_address: 'it waits: what names no address is waited out, and fails in the end',
    shell: 'what a command prints is its answer, whatever it is',
  },
  said: unput,
}
