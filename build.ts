import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { build, type Metafile, type Plugin, transform } from 'esbuild'

const root = import.meta.dirname

/**
 * yargs lays out help, which is plain ASCII here, by a package that compiles the whole table of emoji at each start:
 * 40 ms. For it a letter is a column; what draws on terminals keeps the real one.
 */
const plainWidth: Plugin = {
  name: 'plain-width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules\/(cliui|yargs)\//.test(importer) ? { path: 'plain-width', namespace: 'pitool' } : undefined,
    )
    build.onResolve({ filter: /^wrap-ansi$/ }, ({ importer }) =>
      /node_modules\/cliui\//.test(importer) ? { path: 'wrap-ansi', namespace: 'pitool' } : undefined,
    )
    build.onLoad({ filter: /^plain-width$/, namespace: 'pitool' }, () => ({
      contents: 'export default text => text.length',
    }))
    build.onLoad({ filter: /^wrap-ansi$/, namespace: 'pitool' }, () => ({ contents: wrapText }))
  },
}

/** ssh2 brings a server and agents for HTTP along, which nobody here calls: 10 ms at each start. */
const clientOnly: Plugin = {
  name: 'client-only',
  setup(build) {
    build.onResolve({ filter: /^\.\/(http-agents|server)\.js$/ }, ({ importer }) =>
      /node_modules\/ssh2\/lib\/index\.js$/.test(importer) ? { path: 'nothing', namespace: 'pitool-none' } : undefined,
    )
    build.onLoad({ filter: /^nothing$/, namespace: 'pitool-none' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** Breaks plain text at spaces, as wrap-ansi does with `hard`. */
const wrapText = `export default (text, columns) => text.split('\\n').map(line => {
  const lines = ['']
  for (let word of line.split(' ')) {
    const last = lines.at(-1)
    if (last !== '' && last.length + 1 + word.length > columns) lines.push('')
    else if (lines.at(-1) !== '' ) { lines[lines.length - 1] += ' ' + word; continue }
    for (; word.length > columns; word = word.slice(columns)) { lines[lines.length - 1] += word.slice(0, columns); lines.push('') }
    lines[lines.length - 1] += word
  }
  return lines.join('\\n')
}).join('\\n')`

/** Fewer bytes to read and parse at each start; names stay whole for stack traces. */
const small = { minifySyntax: true, minifyWhitespace: true, charset: 'ascii', target: 'node20' } as const

/** Bundles the command line into a folder: one entry, and parts that are loaded when they are needed. */
export async function bundle(outdir: string, ...more: readonly Plugin[]): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true })
  const parts = await bundleParts(outdir, more)
  const start = Object.entries(parts.outputs).find(([, { entryPoint }]) => entryPoint === 'src/cli/start.ts')?.[0]
  const entry = await bundleEntry(outdir, relative(outdir, join(root, start ?? '')))
  await chmod(join(outdir, 'pitool.js'), 0o755)
  return { inputs: { ...parts.inputs, ...entry.inputs }, outputs: { ...parts.outputs, ...entry.outputs } }
}

/** Scripts, as `src/cli/parts.ts` loads them: what V8 makes of a module cannot be kept in every version of Node. */
async function bundleParts(outdir: string, more: readonly Plugin[]): Promise<Metafile> {
  const { metafile } = await build({
    ...small,
    absWorkingDir: root,
    entryPoints: { start: 'src/cli/start.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    legalComments: 'none',
    entryNames: 'parts/[name]-[hash]',
    chunkNames: 'parts/[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    external: ['cpu-features', '*.node'],
    define: { PITOOL_VERSION: await version(), ...places },
    plugins: [plainWidth, clientOnly, ...more],
    logLevel: 'warning',
    metafile: true,
  })
  await Promise.all(Object.keys(metafile.outputs).map(path => toScript(join(root, path))))
  return metafile
}

/** Where a part lies, in the words of a script. */
const places = {
  'import.meta.dirname': '__dirname',
  'import.meta.filename': '__filename',
  'import.meta.url': '__url',
}

async function toScript(path: string): Promise<void> {
  const { code } = await transform(await readFile(path, 'utf8'), {
    ...small,
    format: 'cjs',
    platform: 'node',
    supported: { 'dynamic-import': false },
  })
  await writeFile(path, `(function(exports,require,module,__filename,__dirname,__url){${code}\n})`)
}

async function bundleEntry(outdir: string, start: string): Promise<Metafile> {
  const { metafile } = await build({
    ...small,
    absWorkingDir: root,
    entryPoints: { pitool: 'src/cli/main.ts' },
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    define: { PITOOL_VERSION: await version(), PITOOL_START: JSON.stringify(start) },
    plugins: [bareBuiltins],
    logLevel: 'warning',
    metafile: true,
  })
  return metafile
}

/** As imports, Node's own modules have all their names looked up, which loads what is behind them: streams, for `fs`. */
const bareBuiltins: Plugin = {
  name: 'bare-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }))
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

async function version(): Promise<string> {
  const pack = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return JSON.stringify(pack.version)
}

if (import.meta.filename === process.argv[1]) await bundle(join(root, 'dist'))
