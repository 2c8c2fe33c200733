#!/usr/bin/env node
import { toStdout } from '../report/streams.ts'
import { program } from './program.ts'
import { version } from './version.ts'

const args = process.argv.slice(2)

// The rest is loaded only when there is more to do: this answer costs no more than starting node.
if (args.length === 1 && (args[0] === '--version' || args[0] === 'version')) toStdout(`${version}\n`)
else await program().then(({ start }) => start(args))
