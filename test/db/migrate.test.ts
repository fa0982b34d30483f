import { expect, onTestFinished, test } from 'vitest'
import { serverAccess } from '../../db/access.ts'
import { connect } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { testDatabase } from '../support/database.ts'
import { child, migrations } from './place.ts'

const FIRST = {
  '20260101000000_things': `
    create table thing (id bigint generated always as identity primary key, name text not null);
    --> statement-breakpoint
    create table log (id bigserial primary key, said text not null);
    --> statement-breakpoint
    comment on table log is 'append-only: rows are added';`,
}
const SECOND = { ...FIRST, '20260201000000_more': 'create view names as select name from thing' }

async function fresh() {
  const database = await testDatabase({ template: null })
  onTestFinished(database.close)
  return database
}

test('four processes that start at once on a fresh database: one migrates, all go on', async () => {
  const { accesses, owner } = await fresh()
  const folder = migrations(SECOND)

  const processes = [1, 2, 3, 4].map(() => child('migrator.ts', JSON.stringify(accesses), folder))
  const said = await Promise.all(processes.map(({ said }) => said((line) => line.startsWith('ran'))))

  expect(said.sort()).toEqual(['ran 0', 'ran 0', 'ran 0', 'ran 2'])
  expect(await owner`select name from drizzle.__drizzle_migrations order by id`).toEqual(
    Object.keys(SECOND).map((name) => ({ name })),
  )
})

test('the app reads and writes rows, adds to what is append-only, and neither owns nor shapes a table', async () => {
  const { accesses, sql, owner } = await fresh()
  await migrate(accesses, { folder: migrations(SECOND) })

  await sql`insert into thing (name) values ('one')`
  await sql`update thing set name = 'two'`
  await sql`insert into log (said) values ('kept')`
  expect(await sql`select name from names`).toEqual([{ name: 'two' }])
  await sql`delete from thing`

  const refused = [
    'update log set said = null',
    'delete from log',
    'truncate log',
    'truncate thing',
    'alter table thing add column more text',
    'drop table thing',
    'create table mine (id int)',
    'create temporary table mine (id int)',
    'create schema mine',
    'grant all on log to public',
    'insert into drizzle.__drizzle_migrations (hash) values (1)',
  ]
  const codes = refused.map((statement) =>
    sql.unsafe(statement).then(
      () => 'done',
      (error) => error.code,
    ),
  )
  const outcome = Object.fromEntries(refused.map((statement, at) => [statement, codes[at]]))
  // A grant without the right to grant is a warning in PostgreSQL and changes nothing.
  for (const [statement, code] of Object.entries(outcome))
    expect([statement, await code]).toEqual([statement, statement.startsWith('grant') ? 'done' : '42501'])
  expect(await owner`select tablename from pg_tables where tableowner = 'countersign_app'`).toEqual([])
  expect(await owner`select has_table_privilege('countersign_app', 'log', 'update') as may`).toEqual([{ may: false }])
})

test('a later start runs what is new and nothing twice', async () => {
  const { accesses, sql } = await fresh()

  expect(await migrate(accesses, { folder: migrations(FIRST) })).toEqual(Object.keys(FIRST))
  expect(await migrate(accesses, { folder: migrations(SECOND) })).toEqual(['20260201000000_more'])
  expect(await migrate(accesses, { folder: migrations(SECOND) })).toEqual([])
  expect(await sql`select * from names`).toEqual([])
})

test('a failing migration leaves the database as it was', async () => {
  const { accesses, owner } = await fresh()
  const broken = {
    ...FIRST,
    '20260301000000_broken': 'create table a (id int); --> statement-breakpoint\n select nonsense',
  }

  await expect(migrate(accesses, { folder: migrations(broken) })).rejects.toThrow()

  expect(await owner`select tablename from pg_tables where schemaname = 'public'`).toEqual([])
})

test('a database that a newer version changed is refused in one sentence', async () => {
  const { accesses } = await fresh()
  await migrate(accesses, { folder: migrations(SECOND) })

  await expect(migrate(accesses, { folder: migrations(FIRST) })).rejects.toThrow(
    'The database was changed by a newer Countersign (20260201000000_more): run that version, or restore a backup made before.',
  )
})

test('a server that has no app role yet: the owner is made its member and the pool takes the role', async () => {
  const { accesses, owner } = await fresh()
  const name = `test_owner_${process.pid}`
  await owner.unsafe(`create role ${name} login createrole password 'secret'; grant all on schema public to ${name};
    grant create on database ${accesses.owner.database} to ${name}`)
  onTestFinished(async () => {
    await owner.unsafe(`grant ${name} to current_user; drop owned by ${name}; drop role ${name}`)
  })
  await owner.unsafe(`grant countersign_app to ${name} with admin option`)
  const both = {
    owner: { ...accesses.owner, user: name, password: 'secret' },
    app: { ...accesses.owner, user: name, password: 'secret', role: 'countersign_app' },
  }

  await migrate(both, { folder: migrations(FIRST) })

  const { sql, close } = await connect(both.app)
  onTestFinished(close)
  expect(await sql`select current_user as role, session_user as login`).toEqual([
    { role: 'countersign_app', login: name },
  ])
  await expect(sql`drop table thing`).rejects.toThrow(/must be owner/)
})

test('an owner address of its own lets the app log in as it is', () => {
  const app = 'postgres://app:a@db.example/countersign'
  const owner = 'postgres://owner:o@db.example/countersign'
  expect(serverAccess(app)).toEqual({ owner: { url: app }, app: { url: app, role: 'countersign_app' } })
  expect(serverAccess(app, owner)).toEqual({ owner: { url: owner }, app: { url: app } })
  expect(serverAccess(app, app).app.role).toBe('countersign_app')
})
