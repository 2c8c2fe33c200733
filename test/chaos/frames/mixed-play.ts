import { roots } from '../host.ts'
import { composedPlay, fresh, type Maker, makersOf, notifying, type RandomPlay, word } from '../plays.ts'
import { randomFrom } from '../random.ts'

export const packageName = 'hello-pitool'
export const home = '/home/pi/chaos'

/** Two shells are at work in one play: this task is the login's own. */
const atHome: Maker = draft => {
  const path = `${home}/mine`
  const content = `${word(draft.random)}\n`
  draft.watched.push({ path, wholes: [content], mayMiss: true })
  draft.tasks.push(
    { name: `Folder ${home}`, become: false, file: { path: home, state: 'directory' } },
    { name: `Write ${path}`, become: false, copy: { dest: path, content }, notify: 'apply at home' },
  )
  const shell = `sha256sum ${path} >${home}/applied.new && mv ${home}/applied.new ${home}/applied`
  draft.handlers.push({ name: 'apply at home', become: false, shell })
}

const template: Maker = draft => {
  const path = fresh(draft, 'rendered')
  const [name, greeting] = [`page-${draft.count}.hbs`, word(draft.random)]
  draft.templates.set(name, 'Hello {{greeting}}\n')
  draft.watched.push({ path, wholes: [`Hello ${greeting}\n`], mayMiss: true })
  draft.tasks.push({
    name: `Render ${path}`,
    template: { src: name, dest: path, mode: '0600' },
    vars: { greeting },
    ...notifying(draft, path),
  })
}

const install: Maker = draft => {
  draft.tasks.push({ name: `Install ${packageName}`, apt: { name: packageName }, notify: 'apply package' })
  const [from, to] = ['dpkg-query -W', `${draft.root}/applied-package`]
  draft.handlers.push({ name: 'apply package', shell: `${from} ${packageName} >${to}.new && mv ${to}.new ${to}` })
}

/** By it most contents are small, and one goes by a channel of its own. */
const chosen = 190

/** One of everything: files small and large, a template, an account, a unit, a package, handlers, commands, a block, both shells. */
export function mixedPlay(seed = chosen): RandomPlay {
  const { copyText, copySource, lines, user, unit, rescued, once, flush } = makersOf
  const makers = [atHome, copyText, template, once, flush, user, install, unit, lines, copySource, rescued]
  return composedPlay(randomFrom(seed), roots.disk, makers)
}
