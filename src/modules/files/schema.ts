/** What the arguments of modules about files have in common. */
export const absolutePath = {
  type: 'string',
  pattern: '^/',
  expects: 'an absolute path, such as /etc/motd',
} as const

export const modeArg = {
  type: 'string',
  pattern: '^(preserve|[0-7]{3,4}|[ugoa]*[-+=][rwxXstugo]*(,[ugoa]*[-+=][rwxXstugo]*)*)$',
  expects: "a mode in quotes, such as '0644' or 'u=rw,go=r'",
  description: "Permissions, in quotes: '0644', or as changes: 'u=rw,g=r,o='.",
} as const

export const ownerArg = {
  type: 'string',
  minLength: 1,
  description: 'The user it belongs to: name or number.',
} as const

export const groupArg = {
  type: 'string',
  minLength: 1,
  description: 'The group it belongs to: name or number.',
} as const

/** Mode, owner, group. */
export const attributeArgs = { mode: modeArg, owner: ownerArg, group: groupArg } as const

export const writingArgs = {
  ...attributeArgs,
  backup: {
    type: 'boolean',
    default: false,
    description: 'Keep the old content beside it, as NAME.DIGEST~.',
  },
  validate: {
    type: 'string',
    pattern: '%s',
    expects: 'a command with %s where the file stands',
    description: 'A command that must accept the new content before it counts; %s is the file it is in.',
  },
  unsafe_writes: {
    type: 'boolean',
    default: false,
    description: 'Write in place where the file cannot be renamed over. Bind-mounted files are written so anyway.',
  },
} as const

export interface AttributeWish {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

export interface WritingWish extends AttributeWish {
  readonly backup?: boolean | undefined
  readonly validate?: string | undefined
  readonly unsafe_writes?: boolean | undefined
}
