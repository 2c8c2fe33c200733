import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inventoryOptions, playOptions } from '../../src/cli/options.ts'
import { helperPages } from '../../src/language/index.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the documents', () => {
  it('list every helper of templates as it is declared', () => {
    const rows = helperPages().map(({ usage, summary }) => `| \`${usage}\` | ${summary} |`)
    const page = read('docs/playbooks.md').split('\n')
    expect(rows.filter(row => !page.includes(row))).toEqual([])
    expect(page.filter(line => /^\| `\{\{/.test(line) && !rows.includes(line))).toEqual([])
  })

  it('name every option', () => {
    const page = read('docs/cli.md')
    const options = [...Object.keys(playOptions), ...Object.keys(inventoryOptions)]
    expect(options.filter(name => name !== 'verbose' && !page.includes(`--${name}`))).toEqual([])
  })

  it('link only to what is there', () => {
    const pages = ['README.md', 'src/README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)]
    const broken = pages
      .filter(page => page.endsWith('.md'))
      .flatMap(page =>
        [...read(page).matchAll(/\]\(([^)#]+)\)/g)]
          .map(([, target = '']) => target)
          .filter(target => !/^https?:/.test(target) && !existsSync(resolve(root, dirname(page), target)))
          .map(target => `${page}: ${target}`),
      )
    expect(broken).toEqual([])
  })
})
