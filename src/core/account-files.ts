/** What answers about files hang on beside paths: an account they were asked about … */
export function accountAsked(name: string): string {
  return `account ${name}`
}

/** … and a number that no account has, until one gets it. */
export const nameless = 'nameless'

const bases = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'].map(base => `/etc/${base}`)
const kept = ['/etc/.pwd.lock', '/var/lib/pitool', '/var/log/lastlog', '/var/log/faillog']

/** The answers about files that a new account makes stale which brings no home. */
export function newAccountFiles(name: string): readonly string[] {
  return [accountAsked(name), nameless, ...bases, ...bases.map(base => `${base}-`), ...kept].map(one => `file:${one}`)
}
