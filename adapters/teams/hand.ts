import { z } from 'zod'
import { answering, withWords } from '../../src/core/answering.ts'
import { isId } from '../../src/core/id.ts'
import { faultOf } from '../../src/core/log.ts'
import { plain, type Text } from '../../src/core/md.ts'
import { DOOR, filePath } from '../../src/core/places.ts'
import type { Under } from '../../src/core/under.ts'
import type { Handed, Reply } from '../../src/core/view.ts'
import type { Actor } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import { keyOf, type Place, where } from './decode.ts'
import type { Egress } from './egress.ts'
import { drawMessage, drawSaid, type Outgoing } from './encode.ts'
import type { Store } from './files.ts'
import { drawConsent, drawHanded } from './handed.ts'
import type { Lanes } from './lanes.ts'
import { LARGEST_PIECE, MOST_REMEMBERED } from './limits.ts'
import type { Where } from './payload.ts'
import type { ShowDeps } from './show.ts'
import { text } from './text.ts'

type Deps = Pick<ShowDeps, 'core' | 'connector' | 'post' | 'pen' | 'log'> & {
  store: Store
  egress: Pick<Egress, 'mayStore'>
  under: Under
  lanes: Lanes
}

/** Where the client made room in the person's OneDrive. */
const room = z.looseObject({
  uploadUrl: z.string().max(4000),
  contentUrl: z.string().max(4000),
  name: z.string().max(1000),
  uniqueId: z.string().max(200),
  fileType: z.string().max(100),
})

const consented = z.looseObject({
  action: z.enum(['accept', 'decline']),
  context: z.looseObject({ file: z.string().max(100) }),
  uploadInfo: room.nullish(),
})

/**
 * Files that go to somebody: Teams asks them first and makes room in their OneDrive, and only then are the bytes read,
 * with the rights of that moment. What a client sends back names a file and an address, and is authority for neither.
 */
export function makeHand({ core, connector, post, pen, log, store, egress, under, lanes }: Deps) {
  const say = text('en').handing
  const turn = answering(core, log, { event: 'teams.turn', words: text('en').failed })
  /** Questions that were answered, by their messages: a second click on one does nothing. */
  const answered = new Set<string>()

  const send = (by: Actor, message: Outgoing): Promise<boolean> =>
    post.to(by.address, message).then(
      () => true,
      (error: unknown) => {
        log.warn(faultOf(error), 'teams.call')
        return false
      },
    )

  async function offer(file: Handed, reply: Reply, by: Actor): Promise<void> {
    if (await send(by, drawConsent(file, say))) return
    if (reply.card) await send(by, drawMessage(reply.card, pen()))
    else if (reply.say) await send(by, drawSaid(reply.say, pen()))
  }

  /** The question goes away with its answer. */
  async function close(at: Where | undefined): Promise<void> {
    if (at) await connector.remove(at).catch((error: unknown) => log.warn(faultOf(error), 'teams.call'))
  }

  /** The browser instead, and why. */
  async function throughTheDoor(activity: Activity, by: Actor, id: string, words: string): Promise<void> {
    const door = { do: DOOR, with: { path: filePath(id) }, origin: 'button' }
    const { card, say: said, file } = await turn({ key: `${keyOf(activity)}:door`, by, ...door })
    const whole: Text = [...plain(words), ...(card || !said ? [] : [{ text: ' ' }, ...said])]
    if (!file) await send(by, drawSaid(plain(say.gone), pen()))
    else if (card) await send(by, drawMessage(withWords(card, { say: whole }), pen()))
    else await send(by, drawSaid(whole, pen()))
  }

  async function accept(activity: Activity, by: Actor, id: string, to: z.infer<typeof room>): Promise<void> {
    const file = isId('fil', id) ? await core.file(id, by) : undefined
    if (!file) return void (await send(by, drawSaid(plain(say.gone), pen())))
    try {
      await store.put(to.uploadUrl, file.bytes)
    } catch (error) {
      log.warn({ file: id, ...faultOf(error) }, 'teams.file')
      return throughTheDoor(activity, by, id, say.refused(file.name))
    }
    const done = egress.mayStore(to.contentUrl) && (await send(by, drawHanded(to, say)))
    if (!done) await send(by, drawSaid(plain(say.done(file.name)), pen()))
  }

  return {
    /** In our own conversation a file is offered in the place of the door to it; elsewhere others read along. */
    instead(reply: Reply, { by }: Pick<Place, 'by'>): Reply {
      const { file } = reply
      const isOurs = typeof by.address.conversation === 'string'
      if (!file || !isOurs || file.size === 0 || file.size > LARGEST_PIECE) return reply
      under.add(offer(file, reply, by))
      return { say: plain(say.asked(file.name)) }
    },
    /** `fileConsent/invoke`: the answer to the question. false: no answer that we know. */
    async consent(activity: Activity, by: Actor): Promise<boolean> {
      const told = consented.safeParse(activity.value).data
      if (!told || activity.conversation?.conversationType !== 'personal') return false
      const at = where(activity, activity.replyToId)
      const question = `${at?.conversation}/${at?.id ?? keyOf(activity)}`
      if (answered.has(question)) return true
      const [oldest] = answered
      if (answered.size >= MOST_REMEMBERED && oldest !== undefined) answered.delete(oldest)
      answered.add(question)
      const { context, uploadInfo } = told
      try {
        if (told.action === 'decline') await throughTheDoor(activity, by, context.file, say.declined)
        else if (uploadInfo) await lanes(by, () => accept(activity, by, context.file, uploadInfo))
        else await throughTheDoor(activity, by, context.file, say.noRoom)
      } catch (error) {
        // A fault of ours: the question stands, and may be answered once more.
        answered.delete(question)
        throw error
      }
      await close(at)
      return true
    },
  }
}
