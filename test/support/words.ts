import { KINDS } from '../../src/core/id.ts'
import { dateOf, dayOf } from '../../src/core/words.ts'
import { MONDAY, type World } from './world.ts'

type Foreign = { at: string; words: string }

/** Where words stand that a person reads. */
const READ = new Set(
  'title label text hint submit yes no statement placeholder caption columns rows items alt errors'.split(' '),
)
/** What is somebody's own, or travels unseen. */
const OWN = new Set([
  'values',
  'with',
  'do',
  'id',
  'shown',
  'href',
  'kind',
  'value',
  'who',
  'name',
  'tone',
  'style',
  'src',
])

const ID = new RegExp(`\\b(${Object.keys(KINDS).join('|')})_[0-9a-hjkmnp-tv-z]{26}\\b`, 'g')
const DAYS = 800

/**
 * Finds words that came neither from a text.ts (with the pseudo-locale those stand in ⟦ ⟧) nor from the data of this
 * world: every text the database holds, every day around the story, and numbers.
 */
export async function foreignWords(world: World, allowed: string[] = []): Promise<(shown: unknown) => Foreign[]> {
  const data = [...allowed, ...(await textsOf(world)), ...days(), world.house.organisation]
    .filter((text) => text.length > 1 && /\p{L}/u.test(text))
    .sort((a, b) => b.length - a.length)
  const known = new Map<string, boolean>()
  const isForeign = (text: string): boolean => {
    const rest = withoutPseudo(text).replace(ID, ' ')
    if (!/\p{L}/u.test(rest)) return false
    const verdict = known.get(rest) ?? /\p{L}/u.test(data.reduce(without, rest))
    known.set(rest, verdict)
    return verdict
  }
  return (shown) => stringsIn(shown, '').filter(({ words }) => isForeign(words))
}

/** Without what stands in ⟦ ⟧, however deep. */
function withoutPseudo(text: string): string {
  let depth = 0
  let left = ''
  for (const sign of text) {
    if (sign === '⟦') depth++
    else if (sign === '⟧') depth--
    else if (depth === 0) left += sign
  }
  return left
}

/** Whole words only: "Open" in the data does not excuse "Opened". */
function without(text: string, known: string): string {
  if (!text.includes(known)) return text
  const edge = (sign: string | undefined) => sign === undefined || !/[\p{L}\p{N}]/u.test(sign)
  let left = text
  for (let at = left.indexOf(known); at >= 0; at = left.indexOf(known, at + 1)) {
    const end = at + known.length
    if (edge(left[at - 1]) && edge(left[end])) left = `${left.slice(0, at)} ${left.slice(end)}`
  }
  return left
}

function stringsIn(value: unknown, at: string): Foreign[] {
  if (typeof value === 'string') return READ.has(at) && value !== '' ? [{ at, words: value }] : []
  if (Array.isArray(value)) return value.flatMap((one) => stringsIn(one, at))
  if (typeof value !== 'object' || value === null) return []
  // Quoted: somebody's own words.
  if ('kind' in value && value.kind === 'quote') return []
  return Object.entries(value).flatMap(([name, inner]) => {
    if (OWN.has(name)) return []
    return stringsIn(inner, READ.has(name) && at !== 'errors' ? name : at)
  })
}

/** Every text of every row, but not the words the code itself writes there: states, kinds and names of actions. */
async function textsOf({ owner }: World): Promise<string[]> {
  const columns = await owner<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY') and table_name <> 'delivery' and table_name <> 'receipt'`
  const found = new Set<string>()
  for (const { table, column } of columns) {
    const rows = await owner.unsafe(
      `select distinct "${column}"::text as it from "${table}" where "${column}" is not null`,
    )
    for (const row of rows) for (const text of piecesOf(String(row.it))) found.add(text)
  }
  return [...found].filter((text) => !/^[a-z][a-z-]*$/.test(text))
}

/** A text and its lines without Markdown; of JSON, what is in it. */
function piecesOf(text: string): string[] {
  if (/^[[{]/.test(text)) {
    try {
      return leaves(JSON.parse(text))
    } catch {
      // Text that begins with a bracket.
    }
  }
  const lines = text.split('\n').flatMap((line) => {
    const bare = line.replace(/^[\s>#*-]+/, '').trim()
    return [line, bare, ...bare.split(/\*\*|_|`/)]
  })
  const domains = text.match(/(?<=@)[\w.-]+/g) ?? []
  return [text, ...lines, ...domains].map((line) => line.trim())
}

const leaves = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(leaves)
      : []

/** Days as they are written, long and short, around the story. */
function days(): string[] {
  return Array.from({ length: DAYS }, (_, n) => new Date(MONDAY.getTime() + (n - DAYS / 2) * 86_400_000)).flatMap(
    (day) => [dayOf(day, 'en'), dateOf(day, 'en')],
  )
}
