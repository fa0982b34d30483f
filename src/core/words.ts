import type { Text } from './md.ts'
import { localTime } from './schedule.ts'

/**
 * Words by language: `const text = words({ en, zh })`, then `text(language).due(…)`. Every language has the shape of the
 * English one. An unknown language reads English. `en-XA` is the pseudo-locale: longer, accented, so that a sentence
 * that does not come from a text.ts is seen at once.
 */
export function words<W extends Words>(languages: { en: W } & Record<string, W>): (language: string) => W {
  const pseudo = pseudoLocale(languages.en) as W
  for (const language of Object.keys(languages)) spoken.add(language)
  return (language) => {
    if (language === 'en-XA') return pseudo
    return languages[language] ?? languages[language.split('-')[0] ?? 'en'] ?? languages.en
  }
}

/** Languages there are words in: a German date within an English sentence helps nobody. */
const spoken = new Set<string>()

export type Words = { readonly [name: string]: string | Text | ((...values: never[]) => string | Text) | Words }

const ACCENTS: Record<string, string> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  y: 'ý',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
}

/** [Ápprövéd ~] — the way of a sentence through the product stays visible, and long words show what they break. */
export const pseudoText = (text: string): string =>
  `⟦${text.replace(/[aeiouyAEIOU]/g, (letter) => ACCENTS[letter] ?? letter)}⟧`

function pseudoLocale(value: unknown): unknown {
  if (typeof value === 'string') return pseudoText(value)
  if (Array.isArray(value)) return value.map((span) => ({ ...span, text: pseudoText(span.text) }))
  if (typeof value === 'function') return (...values: unknown[]) => pseudoLocale(value(...values))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, pseudoLocale(inner)]))
  return value
}

const intl = (language: string) => (language === 'en-XA' ? 'en' : language)

/** Making a formatter costs as much as drawing the card around it: each is made once. Languages and zones are few. */
function once<T>(make: (language: string, timezone: string) => T): (language: string, timezone: string) => T {
  const made = new Map<string, T>()
  return (language, timezone) => {
    const name = `${language} ${timezone}`
    const known = made.get(name) ?? make(language, timezone)
    made.set(name, known)
    return known
  }
}

/** The language of dates: the reader's where there are words in it, otherwise English as in Europe. */
function datesIn(language: string): string {
  const [base = 'en'] = intl(language).split('-')
  return intl(language) === 'en' || !spoken.has(base) ? 'en-GB' : intl(language)
}

const dayFormat = once(
  (language, timeZone) =>
    new Intl.DateTimeFormat(datesIn(language), { weekday: 'short', day: 'numeric', month: 'long', timeZone }),
)
const dateFormat = once(
  (language, timeZone) => new Intl.DateTimeFormat(datesIn(language), { dateStyle: 'long', timeZone }),
)
const pluralRules = once((language) => new Intl.PluralRules(intl(language)))

/** Fri 14 March, where the reader is. `day` is an ISO date (YYYY-MM-DD), which has no zone, or a moment. */
export function dayOf(day: string | Date, language: string, timezone = 'UTC'): string {
  const [at, zone] = typeof day === 'string' ? [new Date(`${day}T12:00:00Z`), 'UTC'] : [day, timezone]
  return dayFormat(language, zone).format(at).replace(',', '')
}

/** 14 March 2026, for records that outlive the year. */
export function dateOf(day: string | Date, language: string, timezone = 'UTC'): string {
  const [at, zone] = typeof day === 'string' ? [new Date(`${day}T12:00:00Z`), 'UTC'] : [day, timezone]
  return dateFormat(language, zone).format(at)
}

/** 09:41, where the reader is. */
export const timeOf = localTime

/** The right form for a number: plural(3, { one: '1 thing', other: '3 things' }). */
export const plural = (
  count: number,
  language: string,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
) => forms[pluralRules(language, '').select(count)] ?? forms.other
