import { and, asc, desc, eq, isNotNull } from 'drizzle-orm'
import { delivery } from '../../db/schema/messages.ts'
import { identity } from '../../db/schema/people.ts'
import { makeDoors } from './doors.ts'
import { drawFor } from './draw.ts'
import { fileFor, LARGEST_FILE, readFile } from './files.ts'
import { isId } from './id.ts'
import { personById, searchPeople, whoIs } from './people.ts'
import { isMember } from './rules.ts'
import { text } from './text.ts'
import { type Deps, makeTurn } from './turn.ts'
import { keepUpload, uploadsOf } from './uploads.ts'
import type { Actor, Card, Core, Ctx } from './workflow.ts'

/** What the platforms get: the whole core behind eight calls. */
export function makeCore(deps: Deps): Core {
  const { db, house, now, random } = deps

  const looking = <T>(by: Actor, work: (ctx: Ctx) => Promise<T>): Promise<T | undefined> =>
    db.transaction(
      async (tx) => {
        const at = now()
        const known = await whoIs(tx, by, at)
        if (known?.person?.state !== 'active' || known.state !== 'linked') return undefined
        const { person, identityId } = known
        return work({ db: tx, now: at, random, by: person, identityId, platform: by.platform, log: deps.log, house })
      },
      { accessMode: 'read only', isolationLevel: 'repeatable read' },
    )

  return {
    turn: makeTurn(deps),
    commands: house.workflows.flatMap((workflow) => workflow.commands),
    organisation: house.organisation,
    doors: makeDoors(db, house, now, random),

    async card(name, id, by) {
      const card = await looking(by, (ctx) => drawFor(ctx, name, id))
      return card ?? nothing(text('en').gone)
    },

    async delivered(by, limit = 50) {
      const rows = await db
        .select({
          id: delivery.messageId,
          anchor: delivery.anchor,
          shown: delivery.shown,
          firstSentAt: delivery.firstSentAt,
          sentAt: delivery.sentAt,
          sentRevision: delivery.sentRevision,
        })
        .from(delivery)
        .innerJoin(identity, eq(identity.id, delivery.identityId))
        .where(
          and(
            eq(identity.platform, by.platform),
            eq(identity.tenant, by.tenant),
            eq(identity.userId, by.user),
            isNotNull(delivery.firstSentAt),
          ),
        )
        .orderBy(desc(delivery.firstSentAt), asc(delivery.messageId))
        .limit(limit)
      return rows.reverse().map((row) => ({
        id: row.id,
        anchor: row.anchor ?? {},
        card: row.shown as Card,
        firstSentAt: row.firstSentAt as Date,
        sentAt: row.sentAt as Date,
        edited: (row.sentAt?.getTime() ?? 0) > (row.firstSentAt?.getTime() ?? 0),
      }))
    },

    async options(field, typed, by) {
      const found = await looking(by, async (ctx) => {
        if (!isMember(ctx.by)) return []
        if (field === 'person') {
          // An id is a choice made earlier, whose name is asked for.
          const chosen = isId('per', typed) ? await personById(ctx.db, typed) : undefined
          const people = chosen ? [chosen] : await searchPeople(ctx.db, typed)
          return people.map((one) => ({ value: one.id, label: one.name, hint: one.department }))
        }
        const [name, what = ''] = field.split('.')
        const search = house.workflows.find((workflow) => workflow.name === name)?.options?.[what]
        return search ? search(ctx, typed) : []
      })
      return found ?? []
    },

    async file(id, by) {
      return looking(by, async (ctx) => {
        const handed = await fileFor(ctx, id)
        const kept = handed && (await readFile(ctx.db, id))
        return kept && { ...kept, size: handed.size, name: handed.name }
      })
    },

    async keep(upload, by) {
      if (upload.bytes.length > LARGEST_FILE) throw new Error('keep: too large')
      return db.transaction(async (tx) => {
        const at = now()
        const known = await whoIs(tx, by, at)
        if (known?.person?.state !== 'active' || known.state !== 'linked') throw new Error('keep: not known here')
        return (await keepUpload({ db: tx, now: at, random, by: known.person }, upload)).id
      })
    },

    uploads: async (by) => (await looking(by, uploadsOf)) ?? [],
  }
}

const nothing = (title: string): Card => ({ title, blocks: [] })
