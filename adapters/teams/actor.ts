import { z } from 'zod'
import type { Actor, Address } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Who acts: the Entra object id of the sender, as the service signed it; a name or address in a card is never used
 * (T11). undefined for whoever has none: anonymous people in a meeting, other bots (T15).
 */
export function actorOf(activity: Activity, tenant: string): Actor | undefined {
  const user = activity.from?.aadObjectId?.toLowerCase()
  const { from, serviceUrl, conversation } = activity
  if (user === undefined || !GUID.test(user) || from === undefined || serviceUrl === undefined) return undefined
  if (from.id.startsWith('28:')) return undefined
  const isPersonal = conversation?.conversationType === 'personal'
  return {
    platform: 'teams',
    tenant,
    user,
    address: {
      tenant,
      user,
      mri: from.id,
      serviceUrl,
      ...(isPersonal && conversation ? { conversation: conversation.id } : {}),
    },
  }
}

const place = z.object({
  tenant: z.string(),
  user: z.string(),
  serviceUrl: z.string(),
  mri: z.string().optional(),
  conversation: z.string().optional(),
})

/** Where somebody is, from the JSON that the core kept. */
export const placeOf = (address: Address): z.infer<typeof place> | undefined => place.safeParse(address).data
