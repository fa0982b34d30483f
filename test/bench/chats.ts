import { createHmac } from 'node:crypto'
import type { Actor, Anchor } from '../../src/core/workflow.ts'

/** Who somebody is in a chat, and how an acknowledgement of theirs arrives there, byte for byte. */
export type Chat = {
  platform: 'slack' | 'teams'
  path: string
  actor(n: number): Actor
  /** Where the message stands that asks them. */
  anchor(actor: Actor, n: number): Anchor
  /** `at`: the form was opened on that message; without it, in the person's own tab. */
  submit(it: Submit): { body: string; headers: Record<string, string> }
}

type Submit = { actor: Actor; assignmentId: string; versionId: string; at: Anchor | undefined }

export const SECRET = 'b'.repeat(32)
const TEAM = 'T0000BENCH'

export const SLACK: Chat = {
  platform: 'slack',
  path: '/slack/events',
  actor(n) {
    const user = `U${String(n).padStart(8, '0')}`
    return { platform: 'slack', tenant: TEAM, user, address: { user } }
  },
  anchor: ({ user }, n) => ({ channel: `D${user}`, ts: `1764000000.${String(n).padStart(6, '0')}` }),
  submit({ actor: { user }, assignmentId, versionId, at }) {
    const payload = {
      type: 'view_submission',
      team: { id: TEAM },
      user: { id: user, team_id: TEAM },
      trigger_id: `t.${assignmentId}`,
      view: {
        id: `V${assignmentId}`,
        hash: '1.a',
        type: 'modal',
        callback_id: 'policies.acknowledge',
        private_metadata: JSON.stringify({ ...about(assignmentId, versionId), at }),
        state: { values: {} },
        blocks: [],
      },
    }
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`
    const stamp = String(Math.floor(Date.now() / 1000))
    const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${stamp}:${body}`).digest('hex')}`
    const type = 'application/x-www-form-urlencoded'
    const headers = { 'content-type': type, 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature }
    return { body, headers }
  },
}

export const APP_ID = '5d3f0c1e-0000-4000-8000-00000000b0b0'
export const TENANT = '5d3f0c1e-0000-4000-8000-0000000000aa'
export const SERVICE = 'https://smba.trafficmanager.net/emea/'

/** `token`: what the service signs is good for an hour and for many activities. */
export const teamsChat = (token: string): Chat => ({
  platform: 'teams',
  path: '/api/messages',
  actor(n) {
    const user = `5d3f0c1e-0000-4000-8000-${String(n).padStart(12, '0')}`
    const address = { tenant: TENANT, user, mri: `29:${n}`, serviceUrl: SERVICE, conversation: `a:${n}` }
    return { platform: 'teams', tenant: TENANT, user, address }
  },
  anchor: (_actor, n) => ({ serviceUrl: SERVICE, conversation: `a:${n}`, id: `1:${n}` }),
  submit({ actor, assignmentId, versionId, at }) {
    const { user, address } = actor
    const activity = {
      type: 'invoke',
      name: 'task/submit',
      id: `f:${assignmentId}`,
      channelId: 'msteams',
      serviceUrl: SERVICE,
      from: { id: address.mri, name: 'Somebody', aadObjectId: user },
      conversation: { conversationType: 'personal', tenantId: TENANT, id: address.conversation },
      recipient: { id: `28:${APP_ID}`, name: 'Countersign' },
      channelData: { tenant: { id: TENANT } },
      value: { data: { cs: { ...about(assignmentId, versionId), at: at?.id, submit: true } } },
    }
    const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` }
    return { body: JSON.stringify(activity), headers }
  },
})

const about = (id: string, shown: string) => ({ do: 'policies.acknowledge', id, shown, with: { page: '1' } })
