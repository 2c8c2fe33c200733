/** What answers about files hang on beside paths: an account they were asked about … */
export function accountAsked(name: string): string {
  return `account ${name}`
}

/** … and a number that no account has, until one gets it. */
export const nameless = 'nameless'

const bases = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'].map(base => `/etc/${base}`)
const kept = ['/etc/.pwd.lock', '/var/lib/pitool', '/var/log/lastlog', '/var/log/faillog']

/** Where accounts are written down, and what was there before. */
export const accountBases: readonly string[] = [...bases, ...bases.map(base => `${base}-`)]

/** The answers about files that a new account makes stale which brings no home. */
export function newAccountFiles(name: string): readonly string[] {
  return [accountAsked(name), nameless, ...accountBases, ...kept].map(one => `file:${one}`)
}
