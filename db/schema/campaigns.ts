import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { key, moment } from './columns.ts'
import { person } from './people.ts'

/** A group of people owe an answer by a date. */
export const campaign = pgTable(
  'campaign',
  {
    id: key(),
    workflow: text().notNull(),
    /** What it is about: a policy version, a control action, a review. */
    subjectId: text('subject_id').notNull(),
    title: text().notNull(),
    /** planning: population being written; open: nudged and answerable; stopped: nothing more is sent; closed: over. */
    state: text({ enum: ['planning', 'open', 'stopped', 'closed'] }).notNull(),
    scope: text({ enum: ['me', 'pilot', 'everyone'] })
      .notNull()
      .default('everyone'),
    audience: jsonb().$type<unknown>().notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    requestedBy: text('requested_by').references(() => person.id),
    createdAt: moment('created_at').notNull(),
    openedAt: moment('opened_at'),
    stoppedAt: moment('stopped_at'),
    closedAt: moment('closed_at'),
    /** The population as frozen at the launch: how many, and SHA-256 of the sorted person ids, one a line. */
    populationCount: integer('population_count'),
    populationSha256: text('population_sha256'),
  },
  (t) => [
    index('campaign_subject').on(t.subjectId),
    check('campaign_state', sql`state in ('planning', 'open', 'stopped', 'closed')`),
  ],
)

/** One person's share of a campaign. */
export const assignment = pgTable(
  'assignment',
  {
    id: key(),
    campaignId: text('campaign_id')
      .notNull()
      .references(() => campaign.id),
    workflow: text().notNull(),
    subjectId: text('subject_id').notNull(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    /** open → done; superseded (a newer version asks instead), withdrawn (stopped), left (the person has left): all stay. */
    state: text({ enum: ['open', 'done', 'superseded', 'withdrawn', 'left'] })
      .notNull()
      .default('open'),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    /** The end of the due date where the person is. */
    dueAt: moment('due_at').notNull(),
    /** workflow.card that asks for the answer. */
    card: text().notNull(),
    /** The next step of the reminder ladder (-1: the first card) and when it is due; null: none. */
    step: integer().notNull().default(-1),
    nextAt: moment('next_at'),
    createdAt: moment('created_at').notNull(),
    decidedAt: moment('decided_at'),
  },
  (t) => [
    unique('assignment_once').on(t.campaignId, t.personId, t.subjectId),
    index('assignment_inbox').on(t.personId, t.dueAt).where(sql`state = 'open'`),
    index('assignment_next').on(t.nextAt).where(sql`state = 'open' and next_at is not null`),
    index('assignment_campaign_state').on(t.campaignId, t.state),
    index('assignment_subject').on(t.subjectId),
    check('assignment_state', sql`state in ('open', 'done', 'superseded', 'withdrawn', 'left')`),
    check('assignment_decided', sql`(state = 'done') = (decided_at is not null)`),
  ],
)
