import { join, md, plain, type Text } from '../core/md.ts'
import type { Block, Button, Card, Row } from '../core/view.ts'
import type { Occurrence } from './duty.ts'
import type { Control } from './owners.ts'
import { dutyRow, label, ownerWords, PAGE, type People, type Standings } from './pages.ts'
import type { Duty } from './period.ts'
import { muted, paragraph, type Reader } from './reader.ts'
import type { Edition } from './register.ts'
import type { Standing } from './standing.ts'
import { owedRow } from './views.ts'

export type RegisterRow = { control: Control; duties: number; standing: Standing | null; went: readonly string[] }

/** The register, a page at a time. */
export function registerCard(
  it: { edition: Edition; rows: readonly RegisterRow[]; page: number },
  people: People,
  reader: Reader,
): Card {
  const { register: say } = reader.say
  const { edition, rows } = it
  if (rows.length === 0) return { title: say.title(edition), blocks: [paragraph(say.empty)] }
  const pages = Math.ceil(rows.length / PAGE)
  const page = Math.min(Math.max(0, it.page), pages - 1)
  const other: Edition = edition === '2022' ? '2013' : '2022'
  const turn = (to: number, words: string): Button => ({
    label: words,
    do: 'controls.register',
    with: { edition, page: String(to) },
  })
  const buttons: Button[] = [
    ...(page > 0 ? [turn(page - 1, say.previous)] : []),
    ...(page + 1 < pages ? [turn(page + 1, say.next)] : []),
    { label: say.other[other], do: 'controls.register', with: { edition: other } },
    { label: reader.say.mine.title, do: 'controls.mine' },
  ]
  return {
    title: say.title(edition),
    blocks: [
      paragraph(say.intro(rows.length, rows.filter((row) => row.control.ownerId !== null).length)),
      ...(edition === '2013' ? [muted(say.old)] : []),
      { kind: 'rows', rows: rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => registerRow(row, people, reader)) },
      muted(say.page(page + 1, pages)),
      { kind: 'buttons', buttons },
    ],
  }
}

function registerRow({ control, duties, standing, went }: RegisterRow, people: People, reader: Reader): Row {
  const { register: say } = reader.say
  const parts: Text[] = [
    ...(went.length > 0 ? [say.went(went.join(', '))] : []),
    say.owner(ownerWords(control.ownerId, people, reader)),
    ...(duties > 0 ? [plain(say.duties(duties, reader.language))] : []),
  ]
  return {
    title: md`**${control.code}** ${control.title}`,
    text: join(parts, ' · '),
    ...(standing ? { status: label(standing, reader) } : {}),
    buttons: [{ label: say.open, do: 'controls.control', id: `${control.edition}/${control.code}` }],
  }
}

/** What one person owns and owes. */
export function mineCard(
  it: {
    owed: readonly { occurrence: Occurrence; duty: Duty }[]
    duties: readonly Standings[]
    controls: readonly Control[]
  },
  people: People,
  reader: Reader,
): Card {
  const { mine: say } = reader.say
  const title = say.title
  if (it.duties.length + it.controls.length + it.owed.length === 0) return { title, blocks: [paragraph(say.none)] }
  const owed: Block[] =
    it.owed.length === 0
      ? [paragraph(say.clear)]
      : [
          { kind: 'heading', text: say.waiting },
          { kind: 'rows', rows: it.owed.map(({ occurrence, duty }) => owedRow(occurrence, duty, reader)) },
        ]
  return {
    title,
    blocks: [
      ...owed,
      ...(it.duties.length > 0
        ? [
            { kind: 'heading' as const, text: say.duties },
            { kind: 'rows' as const, rows: it.duties.map((one) => dutyRow(one, people, reader)) },
          ]
        : []),
      ...(it.controls.length > 0
        ? [
            { kind: 'heading' as const, text: say.controls },
            { kind: 'list' as const, items: it.controls.map((one) => md`**${one.code}** ${one.title}`) },
          ]
        : []),
    ],
  }
}
