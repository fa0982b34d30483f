import { cell, email, filled, privilegedByName, status, word } from './cells.ts'
import { openDates } from './dates.ts'
import { columnName } from './header.ts'
import { ExportRefused } from './refused.ts'
import { note, reason, refusal, rule } from './text.ts'
import type { Account, Context, Fact, Header, TableFormat } from './types.ts'

type Field = (typeof fields)[number]
const fields = [
  'account_id',
  'login',
  'email',
  'name',
  'department',
  'manager',
  'system',
  'role',
  'type',
  'status',
  'hr_status',
  'last_login',
  'created',
] as const

/** Other names of the fields, in lower case; `_` and `-` count as a space. Anything else has to be mapped by a person. */
const aliases: Record<Field, readonly string[]> = {
  account_id: ['account', 'user id', 'userid', 'id', 'external id'],
  login: ['user name', 'username', 'user', 'account name'],
  email: ['e mail', 'mail', 'email address', 'e mail address', 'work email'],
  name: ['full name', 'fullname', 'display name', 'displayname', 'person'],
  department: ['team', 'unit', 'org unit'],
  manager: ['manager email', 'line manager', 'reports to'],
  system: ['application', 'app', 'platform'],
  role: ['roles', 'right', 'permission', 'entitlement', 'access', 'access level', 'profile'],
  type: ['account type', 'kind'],
  status: ['state', 'active', 'is active', 'enabled', 'account status'],
  hr_status: ['employment status', 'hr'],
  last_login: ['last sign in', 'last seen', 'last active', 'last used', 'last activity'],
  created: ['created at', 'created on', 'granted', 'granted at', 'granted on', 'assigned on'],
}

const spaced = (name: string) => name.replaceAll(/[_-]+/g, ' ')
const meaning = new Map<string, Field>(
  fields.flatMap((field) => [field, ...aliases[field]].map((name): [string, Field] => [spaced(name), field])),
)

/**
 * Our own shape, one grant per row, its short forms (`Name,Email,Role`) and everything a person has mapped to it.
 * A row's account id is its account_id, else its login, its e-mail address or its name; the receipt says when it had
 * to be one of the last two. A column that is neither known nor mapped means: not this format.
 */
export const canonical: TableFormat = {
  kind: 'table',
  name: 'canonical',
  version: 1,
  title: 'plain CSV (account_id, email, name, role, …)',
  // Columns that mean the same are refused by name in open().
  matches: (header) =>
    header.names.every((name) => meaning.has(spaced(name))) &&
    header.names.some((name) => meaning.get(spaced(name)) === 'role'),
  open(header, context) {
    const at = place(header, context)
    const dates = openDates(context)
    const { options } = context
    const row = (cells: readonly string[]) => {
      const label = filled(cell(cells, at('role')))
      if (!label) return { rejected: reason.noRole }
      const account = accountOf(cells, at, context)
      if (!account) return { rejected: reason.noAccount }
      const system = filled(cell(cells, at('system'))) ?? options.system
      const own = word(system) === word(options.system)
      if (!own && options.otherSystems === 'out of scope') return { outOfScope: rule.otherSystem(system) }
      const entitlement = { key: word(label), label, privileged: privilegedByName(label) }
      return {
        grants: [
          {
            system: own ? options.system : system,
            account,
            entitlement,
            grantedAt: dates.time(cell(cells, at('created'))),
            lastUsedAt: dates.lastUse(cell(cells, at('last_login'))),
            leaver: leaver(cell(cells, at('hr_status')), context),
          },
        ],
      }
    }
    const mapping = fields.flatMap((field) => {
      const column = header.columns[at(field)]
      return column === undefined ? [] : [{ column, field }]
    })
    return { row, mapping }
  },
}

/** Where each field stands, by a person's mapping or by the known names. */
function place(header: Header, context: Context): (field: Field) => number {
  const places = new Map<Field, number>()
  const put = (field: Field, position: number) => {
    const before = places.get(field)
    const column = header.columns[position] ?? ''
    if (before !== undefined)
      throw new ExportRefused('mapping', refusal.sameField(header.columns[before] ?? '', column, field))
    places.set(field, position)
  }
  const { mapping } = context.options
  if (mapping) {
    for (const [column, target] of Object.entries(mapping)) {
      const position = header.at(columnName(column))
      const field = fields.find((known) => known === target)
      if (position < 0 || !field) throw new ExportRefused('mapping', refusal.unmapped(column))
      put(field, position)
    }
    const left = header.columns.filter((_, position) => ![...places.values()].includes(position))
    if (left.length > 0) context.note(note.ignored(left))
  } else {
    header.names.forEach((name, position) => {
      const field = meaning.get(spaced(name))
      if (field) put(field, position)
    })
  }
  const named = (['account_id', 'login', 'email', 'name'] as const).some((field) => places.has(field))
  if (!named || !places.has('role')) throw new ExportRefused('mapping', refusal.missingField)
  return (field) => places.get(field) ?? -1
}

function accountOf(cells: readonly string[], at: (field: Field) => number, context: Context): Account | undefined {
  const address = email(cell(cells, at('email')), context)
  const name = filled(cell(cells, at('name')))
  const login = filled(cell(cells, at('login')))
  const given = filled(cell(cells, at('account_id'))) ?? login
  const id = given ?? address ?? name
  if (!id) return undefined
  if (!given) context.warn(address ? 'id from e-mail' : 'id from name')
  return {
    id,
    label: login ?? name ?? address ?? id,
    email: address,
    name,
    kind: kindOf(cell(cells, at('type')), address, context),
    status: status(cell(cells, at('status')), context),
    manager: email(cell(cells, at('manager')), context),
    department: filled(cell(cells, at('department'))),
  }
}

const kinds = new Map<string, Account['kind']>([
  ...['human', 'person', 'user', 'employee', 'member', 'contractor', 'guest', 'external'].map(
    (said) => [said, 'human'] as const,
  ),
  ...['service', 'service account', 'bot', 'app', 'application', 'machine', 'system', 'robot'].map(
    (said) => [said, 'service'] as const,
  ),
  ...['shared', 'generic', 'shared account', 'group'].map((said) => [said, 'shared'] as const),
  ...['break glass', 'breakglass', 'emergency'].map((said) => [said, 'break-glass'] as const),
])

/** The export's word for it; without one, an e-mail address speaks for a person and nothing speaks for a machine. */
export function kindOf(text: string | undefined, address: string | undefined, context: Context): Account['kind'] {
  if (!text?.trim()) return address ? 'human' : 'unknown'
  const kind = kinds.get(spaced(word(text)))
  if (!kind) context.warn('unknown word')
  return kind ?? 'unknown'
}

const gone = new Set([
  'terminated',
  'left',
  'leaver',
  'resigned',
  'retired',
  'dismissed',
  'former',
  'inactive',
  'offboarded',
])
const here = new Set(['active', 'employed', 'hired', 'current', 'leave', 'on leave', 'onboarding'])

function leaver(text: string | undefined, context: Context): Fact {
  if (text === undefined) return 'not read'
  const said = word(text)
  if (gone.has(said)) return 'yes'
  if (here.has(said)) return 'no'
  if (said) context.warn('unknown word')
  return 'unknown'
}
