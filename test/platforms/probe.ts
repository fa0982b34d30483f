import { and, eq } from 'drizzle-orm'
import { entry } from '../../db/schema/record.ts'
import { record } from '../../src/core/entries.ts'
import { Refusal } from '../../src/core/errors.ts'
import { newId } from '../../src/core/id.ts'
import { md, plain } from '../../src/core/md.ts'
import { isActive, isMember } from '../../src/core/rules.ts'
import type { Field } from '../../src/core/view.ts'
import { action, type Block, type Card, type Ctx, card, type Workflow } from '../../src/core/workflow.ts'
import { NASTY } from './corpus.ts'
import { EVERY_BLOCK, EVERY_FIELD, LONG } from './every.ts'

/** Somebody owes an answer; the card may name whoever it likes. How it stands is read from the record. */
export type Task = { id: string; ownerId: string; title: string; names: string }

export type Probe = { workflow: Workflow; tasks: Map<string, Task> }

type AnswerFields = {
  note: Field & { kind: 'line' }
  count: Field & { kind: 'number' }
  helper: Field & { kind: 'person'; optional: true }
}

/** A workflow that does little and shows everything a platform must be able to show. */
export function makeProbe(): Probe {
  const tasks = new Map<string, Task>()
  const find = async (_: Ctx, id: string) => tasks.get(id)
  const owns = (ctx: Ctx, it: Task) => isActive(ctx.by) && it.ownerId === ctx.by.id

  const answer = action<Task, AnswerFields>({
    about: 'rep',
    load: find,
    may: (ctx, it) => owns(ctx, it) && isMember(ctx.by),
    asks: {
      fields: {
        note: { kind: 'line', label: 'Your answer', hint: 'A word is enough.', max: 40 },
        count: { kind: 'number', label: 'How many', min: 0, max: 9 },
        helper: { kind: 'person', label: 'Who helped', optional: true },
      },
      form: (_, it) => ({
        title: 'Answer the probe',
        submit: 'Send it',
        intro: md`About **${it.title}**.`,
        values: { note: 'as last time', count: '3' },
      }),
    },
    async run(ctx, it, answers) {
      if (answers.note === 'wrong') throw new Refusal('Not that word.', { note: 'Another word, please.' })
      await record(ctx, { type: 'probe.answered', object: it.id, action: 'probe.answer', payload: answers })
      return { card: await taskCard(ctx, it), say: plain(`Kept: ${answers.note}.`) }
    },
  })

  const thank = action<Task>({
    about: 'rep',
    load: find,
    may: owns,
    async run(ctx, it) {
      await record(ctx, { type: 'probe.thanked', object: it.id, action: 'probe.thank', payload: {} })
      return { say: plain(`Thank you, ${ctx.by.name}.`) }
    },
  })

  const look = action<Task>({
    about: 'rep',
    load: find,
    may: owns,
    reads: true,
    run: async ({ turn }) => ({
      card: {
        title: 'A closer look',
        blocks: [{ kind: 'text', text: plain(`Page ${turn?.with?.page}, revision ${turn?.shown}.`) }],
      },
    }),
  })

  const say = action({
    may: (ctx) => isActive(ctx.by),
    reads: true,
    run: async ({ turn }) => ({
      card: { title: 'You said', blocks: [{ kind: 'quote', text: turn?.with?.text ?? 'nothing' }] },
    }),
  })

  const fields = action({
    may: (ctx) => isMember(ctx.by),
    asks: { fields: EVERY_FIELD, form: () => ({ title: 'Every field', submit: 'Send all' }) },
    run: async () => ({ say: plain('All of it.') }),
  })

  const shown = (blocks: (it: Task) => Card) =>
    card<Task>({
      about: 'rep',
      load: find,
      sees: (ctx, it) => (it.ownerId === ctx.by.id ? 'full' : 'none'),
      draw: async (_, it) => blocks(it),
    })

  const workflow: Workflow = {
    name: 'probe',
    actions: { answer, thank, look, say, fields },
    cards: {
      task: card<Task>({
        about: 'rep',
        load: find,
        sees: (ctx, it) => (it.ownerId === ctx.by.id ? 'full' : 'none'),
        draw: taskCard,
      }),
      every: shown((it) => ({
        title: it.title,
        status: { label: 'canary-status', tone: 'good' },
        blocks: EVERY_BLOCK,
      })),
      nasty: shown((it) => ({ title: `${it.title} ${NASTY.join(' ')}`, blocks: nastyBlocks(it) })),
      long: shown((it) => ({ title: it.title, blocks: LONG })),
    },
    commands: [
      { word: 'probe', do: 'probe.say', hint: () => 'says it back' },
      { word: 'fields', do: 'probe.fields', hint: () => 'every field' },
    ],
    async waiting(ctx) {
      const mine = [...tasks.values()].filter((it) => it.ownerId === ctx.by.id)
      const open = await Promise.all(mine.map(async (it) => ((await answersOf(ctx, it)) === 0 ? [it] : [])))
      return open.flat().map((it) => ({
        dueAt: new Date(ctx.now.getTime() + 30 * 86_400_000),
        row: { title: plain(it.title), buttons: [{ label: 'Thank', do: 'probe.thank', id: it.id }] },
      }))
    },
  }
  return { workflow, tasks }
}

const answersOf = async (ctx: Ctx, it: Task): Promise<number> =>
  (
    await ctx.db
      .select({ id: entry.id })
      .from(entry)
      .where(and(eq(entry.object, it.id), eq(entry.type, 'probe.answered')))
  ).length

async function taskCard(ctx: Ctx, it: Task): Promise<Card> {
  const answers = await answersOf(ctx, it)
  return {
    title: it.title,
    blocks: [
      { kind: 'text', text: md`For **${it.names}**: answered ${answers} times.` },
      {
        kind: 'buttons',
        buttons: [
          { label: 'Answer', do: 'probe.answer', id: it.id, style: 'primary', asks: true },
          { label: 'Thank', do: 'probe.thank', id: it.id },
          { label: 'Look', do: 'probe.look', id: it.id, shown: 'r7', with: { page: '2' } },
        ],
      },
    ],
  }
}

/** Every place where words of a person can stand, with every nasty thing in each. */
const nastyBlocks = (it: Task): Block[] => {
  const all = NASTY.join(' ')
  return [
    ...NASTY.flatMap((one): Block[] => [
      { kind: 'text', text: md`Said **${one}** and _${one}_ and \`${one}\`` },
      { kind: 'text', text: plain(one), tone: 'muted' },
    ]),
    { kind: 'heading', text: all },
    { kind: 'list', items: NASTY.map(plain) },
    { kind: 'quote', text: NASTY.join('\n') },
    { kind: 'facts', facts: NASTY.map((one) => ({ label: one, value: plain(one) })) },
    {
      kind: 'rows',
      rows: [
        { title: plain(all), text: plain(all), status: { label: NASTY[0] ?? '', tone: 'neutral' } },
        { title: plain(all), text: plain(all), buttons: [{ label: `Row ${NASTY[0]}`, do: 'probe.thank', id: it.id }] },
      ],
    },
    { kind: 'table', caption: all, columns: NASTY.slice(0, 3), rows: [NASTY.slice(0, 3), NASTY.slice(3, 6)] },
    { kind: 'progress', label: all, done: 1, of: 2 },
    {
      kind: 'buttons',
      buttons: NASTY.map((one) => ({
        label: one,
        do: 'probe.thank',
        id: it.id,
        confirm: { title: one, text: one, yes: one, no: one },
      })),
    },
  ]
}

export const newTask = (probe: Probe, now: Date, random: (size: number) => Uint8Array, it: Omit<Task, 'id'>): Task => {
  const task = { ...it, id: newId('rep', now, random) }
  probe.tasks.set(task.id, task)
  return task
}
