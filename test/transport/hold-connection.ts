// Holds a connection until it is killed. Prints the pid of its shell there.
import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import type { SshTarget } from '../../src/transport/target.ts'

const target = JSON.parse(process.argv[2] as string) as SshTarget
const connection = await createDialer(() => target).dial(target.host)
const [section] = await (await connection.shell({})).frame(['echo $$'])
process.stdout.write(section ? outText(section) : 'nothing\n')
setInterval(() => undefined, 1000)
