import type { Sql } from 'postgres'
import { alone, connect, type Database, open } from '../../db/client.ts'
import { type Embedded, startEmbedded } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'
import { assignment, campaign } from '../../db/schema/campaigns.ts'
import { file } from '../../db/schema/files.ts'
import { delivery, message } from '../../db/schema/messages.ts'
import { identity, person } from '../../db/schema/people.ts'
import { policy, policyVersion } from '../../db/schema/policies.ts'
import { newId, systemRandom } from '../../src/core/id.ts'
import { silent } from '../../src/core/log.ts'
import type { Deps } from '../../src/core/turn.ts'
import type { Actor, Anchor, House } from '../../src/core/workflow.ts'
import { CONNECTIONS } from '../../src/installation.ts'
import { workflows } from '../../src/workflows.ts'
import { type Chat, SLACK } from './chats.ts'
import { dataFolder } from './product.ts'

const NOW = new Date('2026-11-23T09:00:00Z')
const PIECE = 1000

/** One person who is asked, and where. */
export type Duty = { assignmentId: string; actor: Actor; anchor: Anchor }

export type Ground = {
  embedded: Embedded
  database: Database
  raw: Sql
  deps: Deps
  versionId: string
  duties: Duty[]
  remove(): Promise<void>
}

type Options = { chat?: Chat; isAnalysed?: boolean; settings?: Record<string, string> }

/**
 * A real embedded database, fsync on, with a one-page policy that `count` people of one chat are asked to
 * acknowledge.
 * `isAnalysed: false` leaves it without statistics, as it is in the minute after a launch.
 */
export async function makeGround(
  count: number,
  { chat = SLACK, isAnalysed = true, settings = {} }: Options = {},
): Promise<Ground> {
  const { folder, remove } = dataFolder()
  const log = { info() {}, warn() {} }
  const embedded = await startEmbedded({ folder, log, settings: { max_connections: '100', ...settings } })
  await migrate(embedded)
  const database = await connect({ ...embedded.app, connections: CONNECTIONS })
  const raw = open({ ...embedded.app, connections: CONNECTIONS })
  const { db } = database
  const id = (kind: Parameters<typeof newId>[0]) => newId(kind, NOW, systemRandom)
  const [policyId, versionId, fileId, campaignId, ownerId] = [id('pol'), id('pov'), id('fil'), id('cmp'), id('per')]
  const body = '## Passwords\n\nUse the password manager. Never share a password. Report a lost one at once.'
  const common = { timezone: 'Europe/Lisbon', createdAt: NOW, updatedAt: NOW }
  await db.insert(person).values({ id: ownerId, name: 'Owner', email: 'owner@example.com', ...common })
  await db
    .insert(file)
    .values({ id: fileId, sha256: 'f'.repeat(64), size: body.length, type: 'text/markdown', createdAt: NOW })
  await db.insert(policy).values({ id: policyId, code: 'passwords', createdAt: NOW })
  await db.insert(policyVersion).values({
    id: versionId,
    policyId,
    version: '1.0',
    ordinal: 1,
    title: 'Passwords',
    ownerId,
    approvedBy: ownerId,
    approvedOn: '2026-11-01',
    effectiveFrom: '2026-11-01',
    audience: 'everyone',
    format: 'markdown',
    sha256: 'f'.repeat(64),
    fileId,
    body,
    words: 20,
    importedAt: NOW,
  })
  await db.insert(campaign).values({
    id: campaignId,
    workflow: 'policies',
    subjectId: versionId,
    title: 'Passwords',
    state: 'open',
    audience: 'everyone',
    dueOn: '2026-12-04',
    createdAt: NOW,
    openedAt: NOW,
  })
  const duties = await people(database, count, { chat, campaignId, versionId })
  // Only the owner may; the server's own autovacuum would within a minute.
  if (isAnalysed) await alone(embedded.owner, (sql) => sql`analyze`)
  const house: House = {
    workflows,
    organisation: 'Bench',
    desk: undefined,
    workday: { from: 9, to: 17, days: [1, 2, 3, 4, 5] },
    timezone: 'UTC',
    typed: (word) => word,
  }
  const deps: Deps = { db, house, now: () => NOW, random: systemRandom, log: silent, platforms: [], wake() {} }
  return {
    embedded,
    database,
    raw,
    deps,
    versionId,
    duties,
    async remove() {
      await Promise.all([database.close(), raw.end({ timeout: 5 })])
      await embedded.stop()
      remove()
    },
  }
}

async function people(
  { db }: Database,
  count: number,
  about: { chat: Chat; campaignId: string; versionId: string },
): Promise<Duty[]> {
  const duties: Duty[] = []
  const id = (kind: Parameters<typeof newId>[0]) => newId(kind, NOW, systemRandom)
  for (let from = 0; from < count; from += PIECE) {
    const some = Array.from({ length: Math.min(PIECE, count - from) }, (_, n) => {
      const actor = about.chat.actor(from + n)
      return {
        n: from + n,
        actor,
        anchor: about.chat.anchor(actor, from + n),
        person: id('per'),
        identity: id('idn'),
        assignment: id('asg'),
        message: id('msg'),
      }
    })
    await db.insert(person).values(
      some.map((one) => ({
        id: one.person,
        name: `Person ${one.n}`,
        email: `p${one.n}@example.com`,
        timezone: 'Europe/Lisbon',
        createdAt: NOW,
        updatedAt: NOW,
      })),
    )
    await db.insert(identity).values(
      some.map((one) => ({
        id: one.identity,
        platform: one.actor.platform,
        tenant: one.actor.tenant,
        userId: one.actor.user,
        personId: one.person,
        address: one.actor.address,
        state: 'linked' as const,
        linkedAt: NOW,
        createdAt: NOW,
      })),
    )
    await db.insert(assignment).values(
      some.map((one) => ({
        id: one.assignment,
        campaignId: about.campaignId,
        workflow: 'policies',
        subjectId: about.versionId,
        personId: one.person,
        dueOn: '2026-12-04',
        dueAt: new Date('2026-12-04T23:59:59Z'),
        card: 'policies.request',
        step: 0,
        nextAt: new Date('2026-12-02T09:00:00Z'),
        createdAt: NOW,
      })),
    )
    await db.insert(message).values(
      some.map((one) => ({
        id: one.message,
        messageKey: `${one.assignment}/request`,
        personId: one.person,
        card: 'policies.request',
        subjectId: one.assignment,
        assignmentId: one.assignment,
        createdAt: NOW,
      })),
    )
    await db.insert(delivery).values(
      some.map((one) => ({
        messageId: one.message,
        identityId: one.identity,
        lane: `${one.actor.platform}:${one.actor.tenant}`,
        state: 'sent' as const,
        dueAt: NOW,
        sentRevision: 1,
        anchor: one.anchor,
        firstSentAt: NOW,
        sentAt: NOW,
        shown: {},
      })),
    )
    duties.push(...some.map((one) => ({ assignmentId: one.assignment, actor: one.actor, anchor: one.anchor })))
  }
  return duties
}
