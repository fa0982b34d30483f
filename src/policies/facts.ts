import { parse } from 'yaml'
import { z } from 'zod'
import type { Audience } from '../../db/schema/policies.ts'
import { isDate } from '../core/form.ts'
import { readAudience } from './audience.ts'
import type { Words } from './text.ts'

/** What a policy says about itself. Dates are YYYY-MM-DD; people are mail addresses; empty is null. */
export type Facts = {
  title: string
  version: string
  code: string
  owner: string
  approvedBy: string | null
  approvedOn: string | null
  effectiveFrom: string | null
  reviewOn: string | null
  audience: Audience
  classification: string
  controls: string[]
  summary: string
  changes: string
  /** Given by the owner of a PDF or DOCX, which nobody counts here. */
  words: number | null
}

/** A policy is read in minutes; front matter in seconds. */
const LONGEST_FACTS = 20_000

const some = (max: number) => z.string().trim().min(1).max(max)
const mail = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@]+@[^\s@]+$/)
const empty = z
  .string()
  .trim()
  .length(0)
  .transform(() => null)
const day = z.string().trim().refine(isDate)
const count = z
  .string()
  .trim()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number)
const list = z.union([
  z.array(z.string().trim()),
  z.string().transform((text) => text.split(/[,;]\s*/).filter((one) => one.trim() !== '')),
])

/** Scalars arrive as text exactly as they were written (YAML's failsafe schema): 3.0 stays "3.0", a date stays a date. */
const FRONT_MATTER = z.strictObject({
  title: some(150),
  version: z
    .string()
    .trim()
    .regex(/^v?\d[\w.-]{0,19}$/i)
    .transform((version) => version.replace(/^v/i, '')),
  code: z
    .string()
    .trim()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .max(80)
    .optional(),
  owner: mail,
  approved_by: z.union([empty, mail]).default(null),
  approved_on: z.union([empty, day]).default(null),
  effective_from: z.union([empty, day]).default(null),
  review_on: z.union([empty, day]).default(null),
  audience: z.unknown().refine((source) => 'audience' in readAudience(source)),
  classification: some(40).default('Internal'),
  controls: list.pipe(z.array(z.string().regex(/^[A-Z]?\.?\d{1,2}(?:\.\d{1,2}){0,3}$/)).max(120)).default([]),
  summary: z.string().trim().max(500).default(''),
  changes: z.string().trim().max(1000).default(''),
  words: count.optional(),
  minutes: count.optional(),
})

/** Words a minute, so that a chosen number of minutes comes out as that number. */
const WORDS_A_MINUTE = 220

/** Reads the YAML of a policy: the facts, or every problem in one sentence each. */
export function readFacts(yaml: string, say: Words): { facts: Facts } | { problems: string[] } {
  if (yaml.length > LONGEST_FACTS) return { problems: [say.import.factsTooLong] }
  let source: unknown
  try {
    source = parse(yaml, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error' })
  } catch (error) {
    return { problems: [say.import.noYaml(lineOf(error))] }
  }
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return { problems: [say.import.noFacts] }
  const result = FRONT_MATTER.safeParse(source)
  if (!result.success) return { problems: problemsOf(result.error, source, say) }
  const { data } = result
  const code = data.code ?? slugOf(data.title)
  const problems = [
    ...(code === '' ? [say.import.wrong.code] : []),
    ...((data.approved_by === null) === (data.approved_on === null) ? [] : [say.import.halfApproved]),
  ]
  const audience = readAudience(data.audience)
  if (problems.length > 0 || !('audience' in audience)) return { problems }
  return {
    facts: {
      title: data.title,
      version: data.version,
      code,
      owner: data.owner,
      approvedBy: data.approved_by,
      approvedOn: data.approved_on,
      effectiveFrom: data.effective_from,
      reviewOn: data.review_on,
      audience: audience.audience,
      classification: data.classification,
      controls: data.controls,
      summary: data.summary,
      changes: data.changes,
      words: data.words ?? (data.minutes === undefined ? null : data.minutes * WORDS_A_MINUTE),
    },
  }
}

function problemsOf(error: z.ZodError, source: object, say: Words): string[] {
  const wrong: Record<string, string> = say.import.wrong
  const sentences = error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return say.import.unknownKeys(issue.keys.join(', '))
    const field = String(issue.path[0])
    if (field === 'audience') {
      const read = readAudience((source as { audience?: unknown }).audience)
      return say.import.wrongAudience('problem' in read ? read.problem : '')
    }
    return wrong[field] ?? say.import.noFacts
  })
  return [...new Set(sentences)]
}

const lineOf = (error: unknown): number =>
  (error as { linePos?: readonly { line: number }[] } | undefined)?.linePos?.[0]?.line ?? 1

const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)

/** `---`, YAML, `---`, and the text. undefined: the file does not begin so. */
export function splitFrontMatter(source: string): { yaml: string; body: string } | undefined {
  const found = /^---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(source)
  return found ? { yaml: found[1] ?? '', body: source.slice(found[0].length) } : undefined
}
