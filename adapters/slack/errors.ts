import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import { DeliveryError } from '../../src/core/errors.ts'
import { OPERATOR_WAIT_SECONDS, UNKNOWN_WAIT_SECONDS } from './limits.ts'

/** This person or room will never get it: they left, blocked us, or the place is gone. */
const PERMANENT = [
  'account_inactive',
  'cannot_dm_bot',
  'cannot_find_channel',
  'cannot_find_user',
  'channel_is_limited_access',
  'channel_not_found',
  'is_archived',
  'messages_tab_disabled',
  'not_in_channel',
  'restricted_action',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
  'users_not_found',
]

/** Our own drawing was refused: sending it again changes nothing. */
const REFUSED = ['invalid_blocks', 'invalid_blocks_format', 'invalid_arguments', 'msg_blocks_too_long', 'msg_too_long']

/** Token or scopes are wrong: for an operator to mend; meanwhile everything waits. */
const OPERATOR = [
  'access_denied',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]

/** Slack failed after it began: part of it may have happened. [docs.slack.dev, errors of chat.postMessage] */
const UNKNOWN = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable', 'team_added_to_org']

/** The connection never came to be, so nothing was sent. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** What a failed call means for the message that was on its way. Never quotes what was sent. */
export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error
  if (error instanceof WebAPIRateLimitedError) return new DeliveryError('ratelimited', { retryAfter: error.retryAfter })
  if (error instanceof WebAPIPlatformError) return platformError(error.data.error)
  if (error instanceof WebAPIHTTPError)
    return new DeliveryError(`http_${error.statusCode}`, error.statusCode >= 500 ? { unknown: true } : {})
  if (error instanceof WebAPIRequestError) {
    const code = codeOf(error.original)
    return new DeliveryError(code ?? 'request_failed', code && NOT_SENT.includes(code) ? {} : { unknown: true })
  }
  return new DeliveryError(error instanceof Error ? error.name : 'failed')
}

function platformError(name: string): DeliveryError {
  if (name === 'ratelimited' || name === 'rate_limited')
    return new DeliveryError(name, { retryAfter: UNKNOWN_WAIT_SECONDS })
  if (OPERATOR.includes(name)) return new DeliveryError(name, { retryAfter: OPERATOR_WAIT_SECONDS })
  if (PERMANENT.includes(name) || REFUSED.includes(name)) return new DeliveryError(name, { permanent: true })
  return new DeliveryError(name, UNKNOWN.includes(name) ? { unknown: true } : {})
}

/** fetch hides the reason one or two levels down, and with several addresses in an AggregateError. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 3) return undefined
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return code
  if (error instanceof AggregateError) {
    const codes = error.errors.map((one) => codeOf(one, depth + 1))
    return codes.every((one) => one && NOT_SENT.includes(one)) ? codes[0] : undefined
  }
  return codeOf(error.cause, depth + 1)
}

/** Slack's own name for what went wrong, where it gave one. */
export const platformCode = (error: unknown): string | undefined =>
  error instanceof WebAPIPlatformError ? error.data.error : undefined
