import { faultOf, type Log } from '../../src/core/log.ts'
import type { Actor, Core } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import type { TeamsDeps } from './config.ts'
import type { Connector, Member } from './connector.ts'
import { keyOf } from './decode.ts'
import type { Post } from './deliver.ts'
import { drawMessage, drawSaid } from './encode.ts'
import { ServiceError } from './errors.ts'
import type { PenOptions } from './pen.ts'
import { profileOf } from './profile.ts'
import { text } from './text.ts'

/** What a welcome shows: the person's inbox, which is also where many meet us first. */
const INBOX = 'home.inbox'

/** So many newcomers are asked for one by one; more are cheaper as a roster, of which one call brings two hundred. [our own choice] */
const MOST_ADDED = 100

type Deps = Pick<TeamsDeps, 'changed'> & {
  core: Core
  connector: Connector
  post: Post
  pen: () => PenOptions
  allowed: ReadonlySet<string>
  log: Log
}

/** The app was installed: for a person a welcome; a team is told who we are, and everybody on its roster is known from now on. */
export function makeEvents({ core, connector, post, pen, allowed, log, changed }: Deps) {
  async function welcome(activity: Activity, by: Actor): Promise<void> {
    const reply = await core.turn({ key: keyOf(activity), by, do: INBOX, origin: 'install' })
    if (reply.card) await post.to(by.address, drawMessage(reply.card, pen()))
    else if (reply.say) await post.to(by.address, drawSaid(reply.say, pen()))
  }

  /** In the General channel, whose id is the team's. */
  async function introduceTo(activity: Activity, tenant: string): Promise<void> {
    const { serviceUrl, conversation } = activity
    if (!serviceUrl || conversation?.conversationType !== 'channel') return
    const said = drawSaid(text('en').introduced(core.organisation), pen())
    await connector.startThread({ serviceUrl, tenant, channel: conversation.id.replace(/;.*$/, '') }, said)
  }

  /** Everybody of a team or chat. */
  async function meetAll({ serviceUrl, conversation }: Activity, tenant: string): Promise<void> {
    if (!serviceUrl || !conversation) return
    await meet(connector.members(serviceUrl, conversation.id), serviceUrl, tenant)
  }

  /** Those who came in: each is asked for, because the update names them by their ids and nothing else. */
  async function meetAdded(activity: Activity, tenant: string): Promise<void> {
    const { serviceUrl, conversation } = activity
    // Our own coming is told by installationUpdate as well; other bots are nobody.
    const added = (activity.membersAdded ?? []).filter(({ id }) => !id.startsWith('28:'))
    if (!serviceUrl || !conversation || added.length === 0) return
    if (added.length > MOST_ADDED) return meetAll(activity, tenant)
    await meet(asked(serviceUrl, conversation.id, added), serviceUrl, tenant)
  }

  async function* asked(serviceUrl: string, conversation: string, added: readonly { id: string }[]) {
    for (const { id } of added) {
      const found = await connector.member(serviceUrl, conversation, id).catch((error: unknown) => {
        // Gone again before we asked.
        if (error instanceof ServiceError && error.status === 404) return undefined
        throw error
      })
      if (found) yield found
    }
  }

  async function meet(members: AsyncIterable<Member>, serviceUrl: string, tenant: string): Promise<void> {
    if (!changed) return
    let [met, missed] = [0, 0]
    for await (const member of members) {
      const user = (member.aadObjectId ?? member.objectId)?.toLowerCase()
      const profile = profileOf(member, allowed)
      // Of another tenant, or nobody: an object id means nothing outside its tenant (T15).
      if (!user || profile.standing === 'outsider') continue
      const actor: Actor = { platform: 'teams', tenant, user, address: { tenant, user, mri: member.id, serviceUrl } }
      try {
        await changed(actor, profile)
        met++
      } catch (error) {
        // One of them must not keep the others out; the first says what is wrong.
        if (missed++ === 0) log.error(faultOf(error), 'teams.event')
      }
    }
    log.info({ met, missed }, 'teams.roster')
  }

  /**
   * What is not here is meant so. Whoever left a team (`membersRemoved`) has not left the organisation: they are written to
   * in their own chat, and how they stand is asked again at the next roster or first contact; leaving is said by the people
   * file. And where the bot was removed, there is nothing of ours to mend: people are reached in their own chats.
   */
  return async (activity: Activity, tenant: string, by: Actor | undefined): Promise<void> => {
    const action = activity.type === 'installationUpdate' ? activity.action : undefined
    // A newer version of the app (`add-upgrade`) greets nobody once more. [learn.microsoft.com, installationUpdate]
    const [isNew, isThere] = [action === 'add', action === 'add' || action === 'add-upgrade']
    const isPersonal = activity.conversation?.conversationType === 'personal'
    try {
      if (isPersonal && isNew && by) await welcome(activity, by)
      if (isPersonal) return
      if (isThere) await meetAll(activity, tenant)
      if (activity.type === 'conversationUpdate') await meetAdded(activity, tenant)
      if (isNew) await introduceTo(activity, tenant)
    } catch (error) {
      log.error({ type: activity.type, ...faultOf(error) }, 'teams.event')
    }
  }
}
