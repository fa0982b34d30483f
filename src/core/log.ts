import { pino } from 'pino'

/** JSON lines with ids only: never names, mail addresses, texts, tokens or addresses (T30). */
export type Log = {
  info(facts: Facts, event: string): void
  warn(facts: Facts, event: string): void
  error(facts: Facts, event: string): void
  child(facts: Facts): Log
}

export type Facts = Record<string, string | number | boolean | null | undefined>

export const makeLog = (level: string): Log => pino({ level, base: null }) as unknown as Log

export const silent: Log = { info() {}, warn() {}, error() {}, child: () => silent }

/**
 * What may be told of an error: its name, code and place in our code. Messages of libraries may quote data, so they
 * are left out.
 */
export function faultOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { fault: typeof error }
  const cause = error.cause as { code?: unknown; constraint_name?: unknown } | undefined
  const code = (error as { code?: unknown }).code ?? cause?.code
  const place = error.stack?.split('\n').find((line) => line.includes('/src/') || line.includes('/adapters/'))
  return {
    fault: error.name,
    code: typeof code === 'string' ? code : undefined,
    constraint: typeof cause?.constraint_name === 'string' ? cause.constraint_name : undefined,
    at: place
      ?.trim()
      .replace(/^.*\/((?:src|adapters|db)\/)/, '$1')
      .replace(/\)$/, ''),
  }
}
