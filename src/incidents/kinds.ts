/** The situations worth reporting (A.6.8; 2013: A.16.1.2, A.16.1.3), in our own words; the first is the default. */
export const CATEGORIES = [
  'not-sure',
  'safeguard',
  'information',
  'mistake',
  'rule',
  'premises',
  'change',
  'malfunction',
  'access',
  'weak-spot',
  'suspicious',
] as const
export type Category = (typeof CATEGORIES)[number]

export const KNOWN = ['unknown', 'yes', 'no'] as const
export type Known = (typeof KNOWN)[number]

export const AUDIENCES = ['responders', 'manager', 'open'] as const
export type Audience = (typeof AUDIENCES)[number]

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const VERDICTS = ['incident', 'weakness', 'false-alarm', 'no-action', 'duplicate'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a verdict opens gets a number of its own series. */
export const SERIES: Partial<Record<Verdict, string>> = { incident: 'INC', weakness: 'WKN' }

/** Shortest reason in characters: what is put aside must be explained best, because that is what an auditor samples. */
export const SHORTEST_REASON: Record<Verdict, number> = {
  incident: 3,
  weakness: 3,
  duplicate: 3,
  'false-alarm': 20,
  'no-action': 20,
}
