import { readFile } from '../core/files.ts'
import { has } from '../core/rules.ts'
import { broughtBy } from '../core/uploads.ts'
import { action, type Card, type Ctx, type Row } from '../core/workflow.ts'
import { splitFrontMatter } from './facts.ts'
import { type ImportOutcome, importPolicies } from './importing.ts'
import type { Source } from './source.ts'
import { text } from './text.ts'
import { versionOf } from './versions.ts'

const MOST_FILES = 10

/** Policies dropped into a form: the same import as a folder from the command line. */
export const bring = action({
  may: (ctx) => has(ctx.by, 'isms-manager'),
  asks: {
    fields: (ctx) => {
      const say = text(ctx.by.language).bring
      return { files: { kind: 'file' as const, label: say.files, hint: say.hint, max: MOST_FILES } }
    },
    form: (ctx) => {
      const say = text(ctx.by.language).bring
      return { title: say.title, submit: say.submit, intro: say.intro }
    },
  },
  async run(ctx, _, { files }) {
    const brought = await broughtBy(ctx, files)
    const kept = await Promise.all(brought.map(({ id }) => readFile(ctx.db, id)))
    const sources = named(kept.map((file) => file?.bytes ?? new Uint8Array()))
    const names = new Map(sources.map(({ name }, n) => [name, brought[n]?.name ?? name]))
    return { card: await outcomeCard(ctx, await importPolicies(ctx, sources), names) }
  },
})

/**
 * The name of an upload is for showing only: what it is, its bytes say (T27). Facts without a text belong to the PDF
 * or DOCX before them.
 */
function named(files: readonly Uint8Array[]): Source[] {
  let document: string | undefined
  return files.map((bytes, n): Source => {
    const { kind, isFacts } = kindOf(bytes)
    const stem = isFacts && document !== undefined ? document : `file-${n + 1}`
    document = kind === 'pdf' || kind === 'docx' ? stem : undefined
    return { name: `${stem}.${kind}`, bytes }
  })
}

function kindOf(bytes: Uint8Array): { kind: 'pdf' | 'docx' | 'md' | 'yaml'; isFacts?: boolean } {
  const head = Buffer.from(bytes.subarray(0, 5)).toString('latin1')
  if (head === '%PDF-') return { kind: 'pdf' }
  if (head.startsWith('PK')) return { kind: 'docx' }
  const source = Buffer.from(bytes).toString('utf8')
  const parts = splitFrontMatter(source)
  if (parts) return { kind: 'md', isFacts: parts.body.trim() === '' }
  return /^title:/m.test(source.slice(0, 4096)) ? { kind: 'yaml', isFacts: true } : { kind: 'md' }
}

const TONE = { new: 'good', 'new version': 'good', unchanged: 'neutral', refused: 'bad' } as const

/** What became of each file, under the name it was brought by, and the way on to publishing. */
async function outcomeCard(
  ctx: Ctx,
  outcomes: readonly ImportOutcome[],
  names: ReadonlyMap<string, string>,
): Promise<Card> {
  const say = text(ctx.by.language)
  const rows = await Promise.all(
    outcomes.map(async (one): Promise<Row> => {
      const version = one.version === undefined ? undefined : await versionOf(ctx, one.version)
      return {
        title: [
          {
            text: version ? say.page.title(version.title, version.version) : (names.get(one.name) ?? one.name),
            bold: true,
          },
        ],
        ...(one.why ? { text: [{ text: one.why }] } : {}),
        status: { label: say.bring.outcomes[one.outcome], tone: TONE[one.outcome] },
        ...(version ? { buttons: [{ label: say.page.open, do: 'policies.read', id: version.id }] } : {}),
      }
    }),
  )
  return {
    title: say.bring.done,
    blocks: [
      { kind: 'rows', rows },
      { kind: 'buttons', buttons: [{ label: say.register.button, do: 'policies.register' }] },
    ],
  }
}
