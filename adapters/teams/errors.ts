import { DeliveryError } from '../../src/core/errors.ts'
import { OPERATOR_WAIT_SECONDS, UNKNOWN_WAIT_SECONDS } from './limits.ts'

/** What the service answered instead of doing it. */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string
  readonly retryAfter: number | undefined
  constructor(status: number, code: string, retryAfter: number | undefined) {
    super(`${status} ${code}`)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** The connection never came to be, so nothing was sent. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** This person or room will never get it: the bot was removed or blocked, the place is gone, our card was refused. */
const PERMANENT = [400, 403, 404, 405, 410, 413]

/**
 * What a failed call means for the message that was on its way. Never quotes what was sent. 412 and 429 come before
 * anything was done [learn.microsoft.com, rate limits and retry]; any 5xx may come after.
 */
export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error
  if (!(error instanceof ServiceError)) {
    const code = codeOf(error)
    return new DeliveryError(code ?? nameOf(error), code && NOT_SENT.includes(code) ? {} : { unknown: true })
  }
  const { status, code, retryAfter } = error
  if (status === 429) return new DeliveryError(code, { retryAfter: retryAfter ?? UNKNOWN_WAIT_SECONDS })
  if (status === 412) return new DeliveryError(code, { retryAfter: retryAfter ?? UNKNOWN_WAIT_SECONDS })
  if (status === 401) return new DeliveryError(code, { retryAfter: OPERATOR_WAIT_SECONDS })
  if (PERMANENT.includes(status)) return new DeliveryError(code, { permanent: true })
  return new DeliveryError(code, { unknown: true })
}

/** What Entra says of a credential or an app that it does not know; undefined when it said nothing of that kind. */
export const entraCode = (error: unknown): string | undefined =>
  /AADSTS\d+/.exec(error instanceof Error ? error.message : '')?.[0]

/** Without a token nothing is sent, so nothing stays unknown; a wrong secret is an operator's matter. */
export function tokenError(error: unknown): DeliveryError {
  const code = entraCode(error)
  return code
    ? new DeliveryError(code, { retryAfter: OPERATOR_WAIT_SECONDS })
    : new DeliveryError(`no token: ${codeOf(error) ?? nameOf(error)}`)
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'failed')

/** fetch hides the reason one or two levels down. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 3) return undefined
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return code
  if (error instanceof AggregateError) return codeOf(error.errors[0], depth + 1)
  return codeOf(error.cause, depth + 1)
}
