/** The path without doubled slashes, `.` and a slash at its end; `..` at the end is resolved by its text. */
export function tidyPath(path: string): string {
  if (!path.startsWith('/')) throw new RangeError(`not an absolute path: ${path}`)
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  while (parts.at(-1) === '..') parts.splice(Math.max(0, parts.length - 2), 2)
  return `/${parts.join('/')}`
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

export function under(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}
