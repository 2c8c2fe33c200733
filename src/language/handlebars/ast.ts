/** The tree that Handlebars' parser makes; lines count from 1, columns from 0. */
export interface Loc {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

interface Node<Type extends string> {
  readonly type: Type
  readonly loc: Loc
}

export interface PathNode extends Node<'PathExpression'> {
  /** `@index` and its like. */
  readonly data: boolean
  /** How many `../`. */
  readonly depth: number
  readonly parts: readonly string[]
  readonly original: string
}

export type LiteralNode =
  | (Node<'StringLiteral'> & { readonly value: string })
  | (Node<'NumberLiteral'> & { readonly value: number })
  | (Node<'BooleanLiteral'> & { readonly value: boolean })
  | Node<'NullLiteral'>
  | Node<'UndefinedLiteral'>

export interface CallParts {
  readonly path: PathNode | LiteralNode
  readonly params: readonly ExpressionNode[]
  readonly hash?: { readonly pairs: readonly { key: string; value: ExpressionNode; loc: Loc }[] }
}

export interface SubNode extends Node<'SubExpression'>, CallParts {}
export type ExpressionNode = PathNode | LiteralNode | SubNode

export interface MustacheNode extends Node<'MustacheStatement'>, CallParts {}

export interface BlockNode extends Node<'BlockStatement'>, CallParts {
  readonly program?: ProgramNode
  readonly inverse?: ProgramNode
}

export interface ContentNode extends Node<'ContentStatement'> {
  /** After white space control. */
  readonly value: string
}

/** Parts of Handlebars that pitool has not. */
export type OtherNode = Node<
  'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock' | 'CommentStatement'
>

export type StatementNode = MustacheNode | BlockNode | ContentNode | OtherNode

export interface ProgramNode {
  readonly type: 'Program'
  readonly body: readonly StatementNode[]
  readonly blockParams?: readonly string[]
}
