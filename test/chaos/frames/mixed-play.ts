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

/** Tasks whose changes share frames: files new and old, one that is as it is wished, one that is skipped, a loop, a link, rights, a removal. */
const neighbours: Maker = draft => {
  const small = (kind: string) => {
    const path = fresh(draft, kind)
    const content = `${word(draft.random)}\n`
    draft.watched.push({ path, wholes: [content], mayMiss: true })
    return { name: `Write ${path}`, copy: { dest: path, content } }
  }
  const [still, old, gone] = [fresh(draft, 'still'), fresh(draft, 'old'), fresh(draft, 'gone')]
  for (const path of [still, old, gone]) draft.before.set(path, 'old\n')
  const [first, second, third] = [small('first'), small('second'), small('third')]
  const owing = notifying(draft, second.copy.dest)
  const folder = fresh(draft, 'many')
  const items = Array.from({ length: 4 }, () => word(draft.random))
  draft.tasks.push(
    { name: `Folder ${folder}`, file: { path: folder, state: 'directory' } },
    first,
    { name: `Keep ${still}`, copy: { dest: still, content: 'old\n' }, ...owing },
    { ...second, ...owing },
    { ...small('never'), when: 'false' },
    { name: `Rights of ${old}`, file: { path: old, mode: '0600' } },
    { name: `Link ${folder}-link`, file: { path: `${folder}-link`, src: old, state: 'link' } },
    { name: `No ${gone}`, file: { path: gone, state: 'absent' } },
    {
      name: `Many in ${folder}`,
      copy: { dest: `${folder}/{{item}}`, content: '{{item}}\n' },
      loop: items,
      ...notifying(draft, `${folder}/${items[3]}`),
    },
    { ...third, ...notifying(draft, third.copy.dest) },
  )
}

/** By it most contents are small, and one goes by a channel of its own. */
const chosen = 190

/** One of everything: files small and large, a template, an account, a unit, a package, handlers, commands, a block, both shells, neighbours that share frames. */
export function mixedPlay(seed = chosen): RandomPlay {
  const { copyText, copySource, lines, user, unit, rescued, once, flush } = makersOf
  const makers = [atHome, copyText, template, once, flush, user, install, unit, lines, copySource, rescued, neighbours]
  return composedPlay(randomFrom(seed), roots.disk, makers)
}
