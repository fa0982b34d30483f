import { createHmac, timingSafeEqual } from 'node:crypto'
import { FRESH_SECONDS } from './limits.ts'

export type Signed = { timestamp: string | undefined; signature: string | undefined; body: Uint8Array }

/**
 * True when Slack signed these very bytes within five minutes of now, on both sides: Bolt's own check lets the future
 * pass. [docs.slack.dev/authentication/verifying-requests-from-slack]
 */
export function isSigned(request: Signed, secret: string, now: Date): boolean {
  const { timestamp, signature } = request
  if (secret === '' || timestamp === undefined || signature === undefined) return false
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false
  if (Math.abs(Math.floor(now.getTime() / 1000) - Number(timestamp)) > FRESH_SECONDS) return false
  const ours = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(request.body).digest()
  return timingSafeEqual(ours, Buffer.from(signature.slice(3), 'hex'))
}
