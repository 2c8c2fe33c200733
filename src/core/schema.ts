/** The part of JSON Schema that modules, plays and the project file are declared with. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[]
  readonly description?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly enum?: readonly (string | number | boolean | null)[]
  readonly const?: string | number | boolean | null
  readonly default?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly minItems?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly not?: Schema
  /** The value may be, or may hold, a Secret: validation sees its text, errors never do. */
  readonly secret?: boolean
  /** Other names it is known by, as Ansible has them. */
  readonly aliases?: readonly string[]
  /** In a check it may be Unknown: the module only passes it on into its changes. */
  readonly unknown?: boolean
  /** The value names a file of the project, looked up as Ansible does in this kind of folder. */
  readonly lookup?: 'files' | 'templates'
  /** A shorter reason shown when `pattern` does not match. */
  readonly expects?: string
}

type TypeName = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

type Primitive<T> = T extends 'string'
  ? string
  : T extends 'integer' | 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends 'null'
        ? null
        : unknown

type Required<S extends Schema> = S extends { readonly required: readonly (infer R)[] } ? R : never

type ObjectOf<S extends Schema> = S extends { readonly properties: infer P extends { readonly [name: string]: Schema } }
  ? { readonly [K in keyof P as K extends Required<S> ? K : HasDefault<P[K]> extends true ? K : never]: From<P[K]> } & {
      readonly [K in keyof P as K extends Required<S> ? never : HasDefault<P[K]> extends true ? never : K]?:
        | From<P[K]>
        | undefined
    }
  : S extends { readonly additionalProperties: infer A extends Schema }
    ? { readonly [name: string]: From<A> }
    : { readonly [name: string]: unknown }

type HasDefault<S> = S extends { readonly default: unknown } ? true : false

/** The TypeScript type of what a schema lets through; properties with a default are always there. */
export type From<S extends Schema> = S extends { readonly unknown: true }
  ? Known<S> | import('./unknown.ts').Unknown
  : Known<S>

type Known<S extends Schema> = S extends { readonly secret: true }
  ? import('./secret.ts').Text
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly const: infer C }
      ? C
      : S extends { readonly anyOf: readonly (infer A extends Schema)[] }
        ? From<A>
        : S extends { readonly oneOf: readonly (infer A extends Schema)[] }
          ? From<A>
          : S extends { readonly type: 'object' }
            ? ObjectOf<S>
            : S extends { readonly type: 'array'; readonly items: infer I extends Schema }
              ? readonly From<I>[]
              : S extends { readonly type: 'array' }
                ? readonly unknown[]
                : S extends { readonly type: readonly (infer T)[] }
                  ? Primitive<T>
                  : S extends { readonly type: infer T }
                    ? Primitive<T>
                    : unknown
