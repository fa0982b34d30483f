import { createHash } from 'node:crypto'
import type { Json } from './teams-cards.ts'
import { faultsOf } from './teams-faults.ts'
import type { Posted, TeamsUser } from './teams-stand-in.ts'

/** The Bot Connector: conversations, what stands in them, and who is there. It says no where Teams says no. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

export type Doing = { kind: 'send' | 'edit' | 'delete' | 'create' | 'member'; work: () => Answer }

type Options = { appId: string; users: Map<string, TeamsUser>; now: () => Date; page: number }

const CARD = 'application/vnd.microsoft.card.adaptive'
const MOST_BYTES = 100 * 1024

export function makeConversations({ appId, users, now, page }: Options) {
  const conversations = new Map<string, Posted[]>()
  const blocked = new Set<string>()
  let counter = 0

  const newId = (): string => String(now().getTime() * 1000 + ++counter)
  const find = (id: string): TeamsUser | undefined =>
    users.get(id) ?? [...users.values()].find((user) => user.mri === id || user.userPrincipalName === id)
  const personal = (id: string): string => `a:1${hash(`${appId}/${find(id)?.id ?? id}`)}`
  const ownerOf = (conversation: string): TeamsUser | undefined =>
    [...users.values()].find((user) => personal(user.id) === conversation)
  const messages = (conversation: string): Posted[] => conversations.get(conversation) ?? []
  const opened = (conversation: string): Posted[] => {
    const known = messages(conversation)
    conversations.set(conversation, known)
    return known
  }

  /** Only a person can be asked for a file: rooms have no OneDrive. */
  const isQuestion = ({ attachments = [] }: Json) =>
    (attachments as Json[]).some(({ contentType }) => String(contentType).includes('.card.file.'))

  /** Why nothing can be written there; undefined where it can. */
  function closed(conversation: string): Answer | undefined {
    if (!conversation.startsWith('19:') && !conversations.has(conversation)) return NOWHERE
    if (!blocked.has(ownerOf(conversation)?.id ?? '')) return undefined
    return refusal(403, 'MessageWritesBlocked', 'Thread is blocked from message writes')
  }

  /** Keeps an activity, or says why not. Text and a card in one become two messages, whose ids nobody is told. */
  function keep(conversation: string, activity: Json): Answer {
    const refused = refusalOf(activity)
    if (refused) return refused
    if (conversation.startsWith('19:') && isQuestion(activity)) return refusal(400, 'BadSyntax', 'a file in a room')
    if (activity.type === 'typing') return { status: 202 }
    const { text, attachments = [], ...rest } = activity
    const isBoth = Boolean(text) && (attachments as unknown[]).length > 0
    const parts = isBoth
      ? [
          { ...rest, text },
          { ...rest, attachments },
        ]
      : [activity]
    const kept = parts.map((part) => ({ id: newId(), conversation, activity: part, edits: 0 }))
    opened(conversation).push(...kept)
    return isBoth ? { status: 202 } : { status: 201, body: { id: kept[0]?.id } }
  }

  function create(body: Json): Answer {
    const { members, activity, isGroup } = body as { members?: { id?: string }[]; activity?: Json; isGroup?: boolean }
    const data = (body.channelData ?? {}) as { tenant?: { id?: string }; channel?: { id?: string } }
    if (data.channel?.id) {
      if (!activity) return refusal(400, 'BadArgument', 'Activity is required')
      return started(`${data.channel.id};messageid=${newId()}`, activity)
    }
    const where = data.tenant?.id ?? body.tenantId
    if (typeof where !== 'string') return refusal(400, 'BadSyntax', 'Could not parse tenant id')
    if (isGroup === true || members?.length !== 1) return refusal(400, 'BadArgument', 'One member of a personal chat')
    const user = find(String(members[0]?.id))
    if (!user || user.tenantId !== where) return refusal(403, 'BotNotInConversationRoster', 'The bot is not installed')
    if (blocked.has(user.id)) return refusal(403, 'ConversationBlockedByUser', 'The user blocked the bot')
    opened(personal(user.id))
    return started(personal(user.id), activity)
  }

  /** A conversation, with its first message where one came along. */
  function started(id: string, activity: Json | undefined): Answer {
    const kept = activity && keep(id, activity)
    if (kept && kept.status >= 300) return kept
    const first = (kept?.body ?? {}) as { id?: string }
    return { status: 201, body: { id, ...(first.id ? { activityId: first.id } : {}) } }
  }

  function change(method: string, conversation: string, id: string, activity: Json): Answer {
    const standing = messages(conversation)
    const posted = standing.find((one) => one.id === id)
    const refused = closed(conversation) ?? (posted ? undefined : GONE)
    if (refused || !posted) return refused ?? GONE
    if (method === 'DELETE') {
      standing.splice(standing.indexOf(posted), 1)
      return { status: 200 }
    }
    const wrong = refusalOf(activity)
    if (wrong) return wrong
    Object.assign(posted, { activity, edits: posted.edits + 1 })
    return { status: 200, body: { id } }
  }

  function roster(conversation: string): TeamsUser[] | undefined {
    if (conversation.startsWith('19:')) return [...users.values()]
    const owner = ownerOf(conversation)
    return owner && conversations.has(conversation) ? [owner] : undefined
  }

  function member(conversation: string, id: string): Answer {
    const there = roster(conversation)
    const user = there?.find((one) => one === find(id))
    if (user) return { status: 200, body: memberOf(user) }
    return there ? refusal(404, 'MemberNotFoundInConversation', 'Member not found') : NOWHERE
  }

  function members(conversation: string, query: URLSearchParams): Answer {
    const there = roster(conversation)
    if (!there) return NOWHERE
    const from = Number(Buffer.from(query.get('continuationToken') ?? '', 'base64url').toString() || 0)
    const to = from + Math.min(page, Number(query.get('pageSize') ?? 200))
    const token = to < there.length ? Buffer.from(String(to)).toString('base64url') : undefined
    return { status: 200, body: { members: there.slice(from, to).map(memberOf), continuationToken: token } }
  }

  return {
    find,
    personal,
    messages,
    opened,
    block: (id: string) => void blocked.add(find(id)?.id ?? id),

    /** What a call below /emea/v3 means; undefined where the service has nothing. */
    meant(method: string, url: URL, body: Json): Doing | undefined {
      const [, , , what, conversation = '', part, id] = url.pathname.split('/').map(decodeURIComponent)
      const route = `${method} ${what}${conversation === '' ? '' : `/c/${part}${id ? '/id' : ''}`}`
      switch (route) {
        case 'POST conversations':
          return { kind: 'create', work: () => create(body) }
        case 'POST conversations/c/activities':
        case 'POST conversations/c/activities/id':
          return { kind: 'send', work: () => closed(conversation) ?? keep(conversation, body) }
        case 'PUT conversations/c/activities/id':
          return { kind: 'edit', work: () => change(method, conversation, id ?? '', body) }
        case 'DELETE conversations/c/activities/id':
          return { kind: 'delete', work: () => change(method, conversation, id ?? '', body) }
        case 'GET conversations/c/members/id':
          return { kind: 'member', work: () => member(conversation, id ?? '') }
        case 'GET conversations/c/pagedmembers':
          return { kind: 'member', work: () => members(conversation, url.searchParams) }
        default:
          return undefined
      }
    },
  }
}

export const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
})

const NOWHERE = refusal(404, 'ConversationNotFound', 'Conversation not found')
const GONE = refusal(404, 'ActivityNotFound', 'The activity does not exist')

/** What Teams does not take into a conversation. */
function refusalOf(activity: Json): Answer | undefined {
  const { type, textFormat, attachments = [], text = '' } = activity
  if (type !== 'message' && type !== 'typing') return refusal(400, 'BadSyntax', `type ${String(type)}`)
  if (textFormat !== undefined && !['plain', 'markdown', 'xml'].includes(String(textFormat)))
    return refusal(400, 'BadSyntax', `textFormat ${String(textFormat)}`)
  if (!Array.isArray(attachments)) return refusal(400, 'BadSyntax', 'attachments')
  if (type === 'message' && text === '' && attachments.length === 0)
    return refusal(400, 'BadSyntax', 'an empty message')
  for (const one of attachments as Json[]) {
    const faults = faultsOfAttachment(one)
    if (faults.length > 0) return refusal(400, 'BadSyntax', faults.join(' '))
  }
  const { length } = Buffer.from(JSON.stringify(activity), 'utf16le')
  return length > MOST_BYTES ? refusal(413, 'MessageSizeTooBig', `${length} bytes`) : undefined
}

const CONSENT = 'application/vnd.microsoft.teams.card.file.consent'
const INFO = 'application/vnd.microsoft.teams.card.file.info'

function faultsOfAttachment({ contentType, content, name, contentUrl }: Json): string[] {
  if (contentType === CARD) return faultsOf(content)
  const { sizeInBytes, acceptContext, declineContext, uniqueId, fileType } = (content ?? {}) as Json
  const isNamed = typeof name === 'string' && name !== ''
  if (contentType === CONSENT) {
    const isWhole = isNamed && Number(sizeInBytes) > 0 && Boolean(acceptContext) && Boolean(declineContext)
    return isWhole ? [] : ['a question for a file without its name, size or contexts']
  }
  if (contentType === INFO) return isNamed && contentUrl && uniqueId && fileType ? [] : ['a file without its place']
  return [`contentType ${String(contentType)}`]
}

function memberOf({ id, mri, ...more }: TeamsUser): Json {
  const [givenName = '', ...surname] = more.name.split(' ')
  return { id: mri, objectId: id, aadObjectId: id, givenName, surname: surname.join(' '), ...more }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')
