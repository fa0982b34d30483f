import { plain, type Text } from './md.ts'

/**
 * An expected no: everything is rolled back and the person reads one sentence, in their language, that says what is
 * wrong and what to do. With `fields`, the same form stays open with what was typed and one sentence per field.
 */
export class Refusal extends Error {
  readonly text: Text
  readonly fields: Record<string, string> | undefined

  constructor(text: Text | string, fields?: Record<string, string>) {
    super('refused')
    this.name = 'Refusal'
    this.text = typeof text === 'string' ? plain(text) : text
    this.fields = fields
  }
}

/**
 * What an adapter says when a message could not be brought to its place.
 * `retryAfter` seconds: the lane waits. `permanent`: never again (blocked, no such account). `unknown`: it may have
 * arrived (time-out after the body went out); never repeated silently.
 */
export class DeliveryError extends Error {
  readonly retryAfter: number | undefined
  readonly permanent: boolean
  readonly unknown: boolean

  constructor(problem: string, how: { retryAfter?: number; permanent?: boolean; unknown?: boolean } = {}) {
    super(problem)
    this.name = 'DeliveryError'
    this.retryAfter = how.retryAfter
    this.permanent = how.permanent ?? false
    this.unknown = how.unknown ?? false
  }
}
