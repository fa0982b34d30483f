import type { Sql } from 'postgres'
import { APP_ROLE } from './access.ts'

/** A table whose comment begins so takes new rows only: the app may neither change nor delete them. */
const APPEND_ONLY = 'append-only'

/**
 * Makes the app's role when it is missing and `member` (a login user) a member of it. Roles belong to the whole server,
 * so another database may be doing the same at this moment: what it finished first is taken as done.
 */
export async function makeAppRole(sql: Sql, member: string | undefined): Promise<void> {
  await sql.unsafe(`do $$ begin
    create role ${APP_ROLE};
  exception when duplicate_object or unique_violation then null;
  end $$`)
  if (!member || member === APP_ROLE) return
  const [standing] = await sql`
    select rolsuper or pg_has_role(rolname, ${APP_ROLE}, 'member') as yes from pg_roles where rolname = ${member}`
  if (!standing?.yes) await sql`grant ${sql(APP_ROLE)} to ${sql(member)}`
}

/**
 * Gives the app's role rows to read and write, never tables: no truncate, no create, no ownership. Only what differs is
 * granted, so that a start with nothing to do touches no catalogue row.
 */
export async function grantApp(sql: Sql): Promise<void> {
  const statements = await sql<{ statement: string }[]>`
    with app as (select oid from pg_roles where rolname = ${APP_ROLE}),
    tables as (
      select c.oid, c.oid::regclass::text as name,
        coalesce(obj_description(c.oid, 'pg_class'), '') like ${`${APPEND_ONLY}%`} as is_append_only,
        array(select privilege_type from aclexplode(c.relacl), app
              where grantee = app.oid order by 1)::text[] as has
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    ),
    wanted as (
      select *, case when is_append_only then array['INSERT', 'SELECT']
        else array['DELETE', 'INSERT', 'SELECT', 'UPDATE'] end as wants from tables
    ),
    others as (
      select c.oid::regclass::text as name, case c.relkind when 'S' then 'USAGE' else 'SELECT' end as wants, c.relkind,
        array(select privilege_type from aclexplode(c.relacl), app where grantee = app.oid)::text[] as has
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('S', 'v', 'm')
    )
    select format('revoke all on table %s from %I; grant %s on table %s to %I', name, ${APP_ROLE}::text,
      array_to_string(wants, ', '), name, ${APP_ROLE}::text) as statement from wanted where has <> wants
    union all
    select format('grant %s on %s %s to %I', case relkind when 'S' then 'USAGE, SELECT' else 'SELECT' end,
      case relkind when 'S' then 'sequence' else 'table' end, name, ${APP_ROLE}::text)
      from others where not wants = any(has)
    union all
    select format('grant usage on schema %I to %I', nspname, ${APP_ROLE}::text)
      from pg_namespace where nspname in ('public', 'drizzle') and not has_schema_privilege(${APP_ROLE}, oid, 'usage')
    union all
    select format('grant select on table %s to %I', oid::regclass, ${APP_ROLE}::text) from pg_class
      where oid = to_regclass('drizzle.__drizzle_migrations') and not has_table_privilege(${APP_ROLE}, oid, 'select')
    union all
    select 'revoke create on schema public from public' from pg_namespace
      where nspname = 'public' and has_schema_privilege(${APP_ROLE}, oid, 'create')
    union all
    select format('revoke temporary on database %I from public', current_database())
      where has_database_privilege(${APP_ROLE}, current_database(), 'temporary')`
  if (statements.length > 0) await sql.begin((tx) => tx.unsafe(statements.map((row) => row.statement).join(';\n')))
}
