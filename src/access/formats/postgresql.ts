import { cell, fact, filled, privilegedByName } from './cells.ts'
import { openDates } from './dates.ts'
import { note, reason, rule } from './text.ts'
import type { Grant, TableFormat } from './types.ts'

/** Roles that PostgreSQL itself brings along. */
const builtIn = /^pg_/

/** Attributes of a role that are rights of their own. */
const attributes = [
  ['rolsuper', 'Superuser', 'yes'],
  ['rolcreaterole', 'Create role', 'yes'],
  ['rolcreatedb', 'Create database', 'unknown'],
  ['rolreplication', 'Replication', 'yes'],
  ['rolbypassrls', 'Bypass row security', 'yes'],
] as const

/**
 * `COPY (SELECT rolname, rolsuper, …, oid FROM pg_roles) TO STDOUT CSV HEADER`. One grant for the login and one per
 * attribute. A password past its date keeps nobody out who signs in another way, so such a role stays active and the
 * date stands in the facts.
 */
export const postgresqlRoles: TableFormat = {
  kind: 'table',
  name: 'postgresql-roles',
  version: 1,
  title: 'PostgreSQL: pg_roles as CSV',
  matches: (header) => header.has('rolname', 'rolsuper', 'rolcreaterole', 'rolcanlogin', 'oid'),
  open(header, context) {
    context.note(note.postgresqlRoles)
    const dates = openDates(context)
    const row = (cells: readonly string[]) => {
      const read = (name: string) => cell(cells, header.at(name))
      const id = filled(read('oid'))
      const name = filled(read('rolname'))
      if (!id || !name) return { rejected: reason.noAccount }
      if (builtIn.test(name)) return { outOfScope: rule.builtIn(name) }
      const login = fact(read('rolcanlogin'))
      const account: Grant['account'] = {
        id,
        label: name,
        kind: 'unknown',
        status: login === 'yes' ? 'active' : login === 'no' ? 'inactive' : 'unknown',
      }
      const grant = (key: string, label: string, privileged: 'yes' | 'no' | 'unknown'): Grant => ({
        system: context.options.system,
        account,
        entitlement: { key, label, privileged },
        lastUsedAt: 'not read',
        leaver: 'not read',
        facts: { passwordValidUntil: dates.time(read('rolvaliduntil')) },
      })
      const held = attributes.filter(([column]) => fact(read(column)) === 'yes')
      const grants = held.map(([column, label, privileged]) => grant(column, label, privileged))
      if (login === 'yes') grants.unshift(grant('login', 'Login', 'unknown'))
      return { grants: grants.length > 0 ? grants : [grant('role', 'Role without login', 'no')] }
    }
    return { row }
  },
}

/**
 * `pg_auth_members` joined to names: role, member, grantor, admin_option. One grant per membership; the right to pass
 * it on is another right. Names stand for the accounts, for this file has no oid.
 */
export const postgresqlMembers: TableFormat = {
  kind: 'table',
  name: 'postgresql-members',
  version: 1,
  title: 'PostgreSQL: pg_auth_members as CSV',
  matches: (header) => header.has('role', 'member', 'grantor', 'admin_option'),
  open(header, context) {
    const row = (cells: readonly string[]) => {
      const read = (name: string) => filled(cell(cells, header.at(name)))
      const [role, member] = [read('role'), read('member')]
      if (!member) return { rejected: reason.noAccount }
      if (!role) return { rejected: reason.noRole }
      if (builtIn.test(member)) return { outOfScope: rule.builtIn(member) }
      const passesOn = fact(read('admin_option')) === 'yes'
      const grant = (key: string, label: string, privileged: 'yes' | 'unknown'): Grant => ({
        system: context.options.system,
        account: { id: member, label: member, kind: 'unknown', status: 'unknown' },
        entitlement: { key, label, privileged },
        lastUsedAt: 'not read',
        leaver: 'not read',
        facts: { grantedBy: read('grantor') },
      })
      const own = grant(`member ${role}`, role, powerful.has(role) ? 'yes' : privilegedByName(role))
      return { grants: passesOn ? [own, grant(`admin of ${role}`, `${role}, may pass it on`, 'yes')] : [own] }
    }
    return { row }
  },
}

// Predefined roles that reach the server's files, programs or every row.
// postgresql.org/docs/current/predefined-roles.html
const powerful = new Set([
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_read_all_data',
  'pg_write_all_data',
])
