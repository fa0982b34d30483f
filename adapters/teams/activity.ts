import { z } from 'zod'

/**
 * What Teams sends, as far as we read it: validated before the SDK sees it, because a body without a type or with a
 * wrong one ends a process that trusts the SDK (T06). Unknown members are kept for the SDK and never read by us.
 */
const id = z.string().min(1).max(500)

const account = z.looseObject({ id, name: z.string().max(500).optional(), aadObjectId: z.string().max(100).optional() })

const entity = z.looseObject({
  type: z.string().optional(),
  text: z.string().max(500).optional(),
  mentioned: z.looseObject({ id: z.string() }).optional(),
})

const attachment = z.looseObject({
  contentType: z.string().max(200).nullish(),
  name: z.string().max(1000).nullish(),
  content: z.unknown().optional(),
})

const activity = z.looseObject({
  type: z.string().min(1).max(60),
  id: id.optional(),
  name: z.string().max(100).optional(),
  action: z.string().max(40).optional(),
  channelId: z.string().max(40).optional(),
  serviceUrl: z.string().max(500).optional(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z
    .looseObject({ id, conversationType: z.string().max(40).optional(), tenantId: z.string().max(100).optional() })
    .optional(),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string().max(100) }).optional() }).optional(),
  text: z.string().max(100_000).optional(),
  replyToId: z.string().max(500).optional(),
  locale: z.string().max(40).optional(),
  attachments: z.array(attachment).max(100).optional(),
  entities: z.array(entity).max(100).optional(),
  membersAdded: z.array(account).max(1000).optional(),
  membersRemoved: z.array(account).max(1000).optional(),
  value: z.unknown().optional(),
})

export type Activity = z.infer<typeof activity>

/** undefined: nothing that Teams sends. */
export function readActivity(raw: Uint8Array): Activity | undefined {
  try {
    const words = new TextDecoder('utf-8', { fatal: true }).decode(raw)
    return activity.safeParse(JSON.parse(words)).data
  } catch {
    return undefined
  }
}
