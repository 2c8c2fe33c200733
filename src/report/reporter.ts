import type { Diagnostic } from '../core/diagnostic.ts'
import type { Event } from '../core/event.ts'

export type Write = (text: string) => void

/** Turns what happens into text. */
export interface Reporter {
  emit(event: Event): void
  /** The user's mistakes: all of them, found before anything was touched. */
  mistakes(diagnostics: readonly Diagnostic[]): void
  /** Nothing will be emitted any more: what is still open on the screen is closed. */
  close(): void
}
