import { Refusal } from '../../core/errors.ts'

export type RefusedFor =
  | 'empty'
  | 'size'
  | 'binary'
  | 'web page'
  | 'encoding'
  | 'secrets'
  | 'wrong report'
  | 'unknown header'
  | 'duplicate header'
  | 'mapping'
  | 'adapter'
  | 'json'

/** The file as a whole is not taken: nothing of it may be stored. The message never repeats what a secret cell holds. */
export class ExportRefused extends Refusal {
  readonly code: RefusedFor

  constructor(code: RefusedFor, sentence: string) {
    super(sentence)
    this.message = sentence
    this.name = 'ExportRefused'
    this.code = code
  }
}
