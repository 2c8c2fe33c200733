import { setTimeout as sleep } from 'node:timers/promises'
import { type LabHost, lab } from '../lab/lab.ts'
import type { Direction, Proxy as LabProxy } from '../lab/proxy.ts'
import { onHost, roots } from './host.ts'
import type { Meddler } from './meddler.ts'
import type { Random } from './random.ts'
import type { Running } from './stage.ts'

/** What an undisturbed run of the same play took: faults strike within. */
export interface Usual {
  readonly ms: number
  /** Told in all: a moment is so many events, since a busy machine makes nothing of milliseconds. */
  readonly events: number
  readonly up: number
  readonly down: number
}

/** Where faults are made. */
export interface Scene {
  readonly host: LabHost
  readonly proxy: LabProxy
  readonly meddler: Meddler
}

export interface Fault {
  /** What is done and when, for people. */
  readonly text: string
  /** Before the run begins. */
  before?(scene: Scene): Promise<void> | void
  /** As soon as it runs. */
  during?(scene: Scene, running: Running): Promise<void>
  /** After its end: the host is well again, whatever state it was left in. */
  undo?(scene: Scene): Promise<void> | void
}

export interface FaultKind {
  readonly kind: string
  /** It wants the play's files on a file system of their own that it may spoil. */
  readonly small?: boolean
  make(random: Random, usual: Usual): Fault
}

const cut = (direction: Direction): FaultKind => ({
  kind: `cut-${direction}`,
  make: (random, usual) => {
    const count = random.whole(1, usual[direction])
    return {
      text: `the connection is cut after ${count} bytes ${direction}`,
      before: ({ proxy }) => proxy.cutAfterBytes(direction, count),
      // What it did not come to would strike the next run.
      undo: ({ proxy }) => proxy.cutAfterBytes(direction, 0),
    }
  },
})

const corrupt = (direction: Direction): FaultKind => ({
  kind: `corrupt-${direction}`,
  make: (random, usual) => {
    const count = random.whole(1, usual[direction])
    return {
      text: `a bit is turned after ${count} bytes ${direction}`,
      before: ({ meddler }) => meddler.corruptAfterBytes(direction, count),
      undo: ({ meddler }) => meddler.calm(),
    }
  },
})

/** A moment of the run: after so many events, and a little later. */
function momentOf(random: Random, usual: Usual) {
  const [events, ms] = [random.whole(0, usual.events), random.whole(0, 60)]
  const come = async (running: Running) => {
    await running.told(events)
    await sleep(ms)
  }
  return { text: `${ms} ms after event ${events} of ${usual.events}`, come }
}

/** Something at a random moment of the run. */
function timed(
  kind: string,
  what: string,
  strike: (scene: Scene, running: Running) => Promise<void> | void,
): FaultKind {
  return {
    kind,
    make: (random, usual) => {
      const moment = momentOf(random, usual)
      return {
        text: `${what} ${moment.text}`,
        during: async (scene, running) => {
          await moment.come(running)
          await strike(scene, running)
        },
      }
    },
  }
}

const stall: FaultKind = {
  kind: 'stall',
  make: (random, usual) => {
    const [moment, silent] = [momentOf(random, usual), random.whole(100, 3000)]
    return {
      text: `the network goes silent ${moment.text}, and is cut ${silent} ms later`,
      during: async ({ proxy }, running) => {
        await moment.come(running)
        proxy.stall()
        await sleep(silent)
        proxy.cut()
        // Who calls again is let through.
        proxy.resume()
      },
      undo: ({ proxy }) => proxy.resume(),
    }
  },
}

/** Ends processes of the run on the host, by their numbers; waits a little for the first of them. */
function killScript(pick: string): string {
  return `tries=0
while [ $tries -lt 20 ]; do
  pids=$(ps -eo pid=,ppid=,comm=,args= | ${pick})
  if [ -n "$pids" ]; then kill -KILL $pids 2>/dev/null; exit 0; fi
  tries=$((tries + 1)); sleep 0.02
done
exit 0`
}

const ofSudo = `awk '$3 == "sudo" { print $1 }'`
const underSudo = `awk '{ name[$1] = $3; parent[$1] = $2 } END { for (p in name) if (name[p] == "sh" && name[parent[p]] == "sudo") print p }'`

/** A file system that takes nothing more, from a random moment to the end of the run. */
function spoiled(kind: string, spoil: string, heal: string): FaultKind {
  const base = timed(kind, `${kind} on ${roots.small}`, async ({ host }) => void (await onHost(host.name, spoil)))
  return {
    ...base,
    small: true,
    make: (random, usual) => ({
      ...base.make(random, usual),
      undo: async ({ host }) => void (await onHost(host.name, heal)),
    }),
  }
}

const filler = `${roots.small}/.filler`

/** Where the notes of owed handlers are written there is no room at all. */
const ledgerFull: FaultKind = {
  kind: 'ledger-full',
  make: () => ({
    text: 'no room in /var/lib/pitool',
    before: async ({ host }) =>
      void (await onHost(
        host.name,
        'mkdir -p /var/lib/pitool && mount -t tmpfs -o size=4k,nr_inodes=3 none /var/lib/pitool && head -c 4096 /dev/zero > /var/lib/pitool/full',
      )),
    undo: async ({ host }) => void (await onHost(host.name, 'umount -l /var/lib/pitool 2>/dev/null || :')),
  }),
}

export const faultKinds: readonly FaultKind[] = [
  cut('up'),
  cut('down'),
  timed('kill-control', 'the program is killed', (_, { child }) => void child.kill('SIGKILL')),
  timed(
    'kill-shell',
    'the shell of root is killed',
    async ({ host }) => void (await onHost(host.name, killScript(underSudo))),
  ),
  timed('kill-sudo', 'sudo is killed', async ({ host }) => void (await onHost(host.name, killScript(ofSudo)))),
  stall,
  timed('reboot', 'the host reboots', async ({ host }) => void (await lab.reboot(host.name))),
  corrupt('up'),
  corrupt('down'),
  spoiled('full', `head -c 99999999 /dev/zero > ${filler} 2>/dev/null; :`, `rm -f ${filler}`),
  // While a file there is being written the mount is busy.
  spoiled(
    'read-only',
    `for i in 1 2 3 4 5 6 7 8 9; do mount -o remount,ro ${roots.small} 2>/dev/null && exit; sleep 0.05; done; exit 1`,
    `mount -o remount,rw ${roots.small}`,
  ),
  spoiled(
    'no-inodes',
    `mkdir ${filler}; i=0; while touch ${filler}/$i 2>/dev/null; do i=$((i + 1)); done`,
    `rm -rf ${filler}`,
  ),
  ledgerFull,
  timed('plug', 'the plug is pulled', async ({ host }) => {
    await lab.stop(host.name)
    await lab.start(host.name)
  }),
]
