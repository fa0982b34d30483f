import type { Logger } from '@slack/bolt'
import { faultOf, type Log } from '../../src/core/log.ts'

/**
 * What the SDK says, without its words: they quote requests, payloads and addresses (T30). What matters to an operator
 * is logged by us, by name.
 */
export function quietLogger(log: Log): Logger {
  const tell = (level: 'warn' | 'error', said: unknown[]): void => {
    const error = said.find((one) => one instanceof Error)
    log[level](error ? faultOf(error) : {}, 'slack.sdk')
  }
  return {
    debug() {},
    info() {},
    warn: (...said: unknown[]) => tell('warn', said),
    error: (...said: unknown[]) => tell('error', said),
    setLevel() {},
    getLevel: () => 'info' as ReturnType<Logger['getLevel']>,
    setName() {},
  }
}
