import { z } from 'zod'
import { email, filled, privilegedByName, word } from './cells.ts'
import { openDates } from './dates.ts'
import { reason } from './text.ts'
import type { Context, JsonFormat } from './types.ts'

// RFC 7643 and 7644. Unknown properties are dropped by the schemas.
const many = z
  .array(z.object({ value: z.string().optional(), display: z.string().optional(), primary: z.boolean().optional() }))
  .optional()
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const user = z.object({
  id: z.string().min(1),
  userName: z.string().optional(),
  displayName: z.string().optional(),
  name: z.object({ formatted: z.string().optional() }).optional(),
  userType: z.string().optional(),
  active: z.boolean().optional(),
  emails: many,
  groups: many,
  roles: many,
  entitlements: many,
  meta: z.object({ created: z.string().optional() }).optional(),
  [enterprise]: z
    .object({ department: z.string().optional(), manager: z.object({ displayName: z.string().optional() }).optional() })
    .optional(),
})
type User = z.infer<typeof user>

const list = z.object({
  schemas: z
    .array(z.string())
    .refine((schemas) => schemas.includes('urn:ietf:params:scim:api:messages:2.0:ListResponse')),
  totalResults: z.int().nonnegative(),
  // RFC 7644 3.4.2: may be absent when totalResults is zero
  Resources: z.array(z.unknown()).optional(),
})

/**
 * A SCIM 2.0 ListResponse of users. One grant per group, role and entitlement; a user without any is kept as an
 * account. totalResults is the control total, so one page of several never balances.
 */
export const scimUsers: JsonFormat = {
  kind: 'json',
  name: 'scim-users',
  version: 1,
  title: 'SCIM 2.0: ListResponse of users',
  matches: (document) => list.safeParse(document).success,
  open(document, context) {
    const { totalResults, Resources } = list.parse(document)
    const dates = openDates(context)
    const row = (resource: unknown) => {
      const read = user.safeParse(resource)
      if (!read.success)
        return { rejected: reason.resource(read.error.issues.map((issue) => issue.path.join('.') || 'resource')) }
      const account = accountOf(read.data, context)
      return {
        grants: rightsOf(read.data, context).map(({ key, label, privileged }) => ({
          system: context.options.system,
          account,
          entitlement: { key, label, privileged },
          // meta.created is the account's day, not the day of the right
          lastUsedAt: 'not read' as const,
          leaver: 'not read' as const,
          facts: { accountCreatedAt: dates.time(read.data.meta?.created) },
        })),
      }
    }
    return { resources: Resources ?? [], total: totalResults, row }
  },
}

const kinds = new Map([
  ['employee', 'human'],
  ['contractor', 'human'],
  ['temp', 'human'],
  ['intern', 'human'],
  ['external', 'human'],
  ['service', 'service'],
  ['service account', 'service'],
  ['bot', 'service'],
] as const)

function accountOf(read: User, context: Context) {
  const mail = read.emails?.find((one) => one.primary)?.value ?? read.emails?.[0]?.value
  const address = email(mail ?? (read.userName?.includes('@') ? read.userName : undefined), context)
  const extension = read[enterprise]
  const said = word(read.userType ?? '')
  const known = [...kinds].find(([name]) => name === said)?.[1]
  return {
    id: read.id,
    label: read.userName ?? read.displayName ?? read.id,
    email: address,
    name: read.name?.formatted ?? read.displayName,
    kind: known ?? (address && !said ? ('human' as const) : ('unknown' as const)),
    status:
      read.active === undefined ? ('unknown' as const) : read.active ? ('active' as const) : ('inactive' as const),
    manager: extension?.manager?.displayName,
    department: extension?.department,
  }
}

function rightsOf(read: User, context: Context) {
  const rights = new Map<string, { key: string; label: string; privileged: 'yes' | 'unknown' }>()
  const kindsOfRight = [
    ['group', read.groups],
    ['role', read.roles],
    ['entitlement', read.entitlements],
  ] as const
  for (const [kind, values] of kindsOfRight) {
    for (const { value, display } of values ?? []) {
      const label = filled(display) ?? filled(value)
      if (!label) continue
      const key = `${kind} ${word(filled(value) ?? label)}`
      if (rights.has(key)) context.warn('repeated in row')
      else rights.set(key, { key, label, privileged: privilegedByName(label) })
    }
  }
  if (rights.size === 0) rights.set('account', { key: 'account', label: 'Account', privileged: 'unknown' })
  return [...rights.values()]
}
