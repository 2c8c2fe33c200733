declare const answer: unique symbol

/** Something to look at on a host: read-only, plain data. Equal kind, key and `on` mean the same question. */
export interface Question<Ans = unknown> {
  readonly kind: string
  /** Unique within the kind: what the answer is remembered under. */
  readonly key: string
  readonly arg: unknown
  /** Another host of the run, by its inventory name; the task's own host when absent. */
  readonly on?: string | undefined
  /** A phantom: carries the answer's type. */
  readonly [answer]?: Ans
}

export type AnswerOf<Q> = Q extends Question<infer Ans> ? Ans : never

/** A pure generator that yields questions, is handed their answers, and returns its result. */
export type Asking<Result> = Generator<readonly Question[], Result, readonly unknown[]>

export function* ask<Ans>(question: Question<Ans>): Asking<Ans> {
  const answers = yield [question]
  return answers[0] as Ans
}

/** Several questions in one round trip. */
export function* askAll<const Qs extends readonly Question[]>(
  ...questions: Qs
): Asking<{ -readonly [I in keyof Qs]: AnswerOf<Qs[I]> }> {
  const answers = yield questions
  return answers as { -readonly [I in keyof Qs]: AnswerOf<Qs[I]> }
}

/** The same question, asked on another host of the run. */
export function on<Ans>(host: string | undefined, question: Question<Ans>): Question<Ans> {
  return host === undefined ? question : { ...question, on: host }
}
