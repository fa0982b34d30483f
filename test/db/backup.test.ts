import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Sql } from 'postgres'
import { expect, onTestFinished, test } from 'vitest'
import { tablesOf } from '../../db/backup/tables.ts'
import { backup } from '../../db/backup.ts'
import { migrate, migrationNames } from '../../db/migrate.ts'
import { inspect, restore } from '../../db/restore.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { migrations, place } from './place.ts'

const about = { product: '0.1.0', createdAt: new Date('2026-03-02T08:00:00Z') }
const now = new Date('2026-03-03T09:00:00Z')

const FIRST = {
  '20260101000000_all_kinds': `
    create table epoch (epoch int primary key, started_at timestamptz not null, reason text not null);
    --> statement-breakpoint
    insert into epoch values (1, now(), 'installed');
    --> statement-breakpoint
    create table "Odd ""name" (
      id bigint generated always as identity primary key, "from" text, bytes bytea, data jsonb, at timestamptz,
      day date, price numeric, words text[], tx xid8, size int generated always as (length("from")) stored, ratio float8);
    --> statement-breakpoint
    create table parent (id int primary key, favourite int);
    --> statement-breakpoint
    create table child (id int primary key, parent_id int references parent (id), twin_id int references child (id));
    --> statement-breakpoint
    alter table parent add foreign key (favourite) references child (id);
    --> statement-breakpoint
    create sequence number_seq;
    --> statement-breakpoint
    create function refuse() returns trigger language plpgsql as $$ begin raise 'append-only'; end $$;
    --> statement-breakpoint
    create function stamp() returns trigger language plpgsql as $$ begin new.parent_id = null; return new; end $$;
    --> statement-breakpoint
    create trigger refuse before update or delete on "Odd ""name" for each row execute function refuse();
    --> statement-breakpoint
    create trigger refuse_truncate before truncate on "Odd ""name" for each statement execute function refuse();
    --> statement-breakpoint
    create trigger stamp before insert on child for each row execute function stamp();
    --> statement-breakpoint
    alter table child disable trigger stamp;`,
}
const SECOND = { ...FIRST, '20260201000000_later': 'alter table parent add column added text default $$yes$$' }

const NASTY = [
  'plain',
  '',
  '\\.',
  '\\N',
  'a\tb\nc\r\nd\\n',
  '\\.\n\\.',
  'naïve — 名前 — שלום — 👩‍🚀',
  '{"table":"x","columns":[]}',
  'x'.repeat(300_000),
]

async function fresh(): Promise<TestDatabase> {
  const database = await testDatabase({ template: null })
  onTestFinished(database.close)
  return database
}

/** A database with every kind of value that could be lost on the way. */
async function filled(): Promise<TestDatabase & { folder: string }> {
  const database = await fresh()
  const folder = migrations(FIRST)
  await migrate(database.accesses, { folder })
  const { owner } = database
  for (const [n, text] of NASTY.entries())
    await owner`insert into "Odd ""name" ("from", bytes, data, at, day, price, words, tx, ratio) values (
      ${text}, ${Buffer.from([0, 255, 92, 10, n])}, ${owner.json({ text, list: [1, null, { deep: '\u2028' }] })},
      ${`2026-03-29T01:59:59.12345${n}+02:00`}, '0044-03-15 BC', '12345678901234567890.000100', ${[text, '{}', null]},
      ${String(2 ** 40 + n)}, ${0.1 + n})`
  await owner`insert into "Odd ""name" default values`
  await owner`insert into parent values (1, null), (2, null)`
  await owner`insert into child values (1, 2, 2), (2, 1, 1)`
  await owner`update parent set favourite = 1`
  await owner`select setval('number_seq', 41)`
  return { ...database, folder }
}

/** Every row of every table as PostgreSQL prints it, apart from the epoch that a restore begins. */
async function contentOf(sql: Sql): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const { table } of await tablesOf(sql)) {
    const rows = await sql`select t::text as row from ${sql(table)} t order by 1`
    if (table !== 'epoch')
      content[table] = createHash('sha256')
        .update(rows.map(({ row }) => row).join('\n'))
        .digest('hex')
  }
  return content
}

test('a backup restored elsewhere is equal by content, and the product can work on there', async () => {
  const { accesses, owner, folder } = await filled()
  const file = join(place(), 'isms.backup')
  const done = await backup(accesses.app, file, about)

  const there = await fresh()
  const seen: string[] = []
  const contents = await restore(there.accesses, file, {
    now,
    folder,
    onTable: (table, rows) => seen.push(`${table} ${rows}`),
  })

  expect(await contentOf(there.owner)).toEqual(await contentOf(owner))
  expect(seen).toEqual(['Odd "name 10', 'child 2', 'epoch 1', 'parent 2'])
  expect(contents.header).toMatchObject({ product: '0.1.0', migration: '20260101000000_all_kinds' })
  expect(done).toMatchObject({
    tables: 4,
    rows: 15,
    file_sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(file, '..'))).toEqual(['isms.backup'])

  // Numbers go on, triggers and keys guard again (and the one that was off stays off), a new epoch has begun.
  const { sql } = there
  expect(await sql`insert into "Odd ""name" ("from") values ('new') returning id, size`).toEqual([
    { id: '11', size: 3 },
  ])
  expect(await there.owner`select nextval('number_seq') as next`).toEqual([{ next: '42' }])
  await expect(there.owner`delete from "Odd ""name"`).rejects.toThrow('append-only')
  await expect(sql`insert into child values (3, 99, null)`).rejects.toThrow(/foreign key/)
  expect(await sql`insert into child values (3, 2, null) returning parent_id`).toEqual([{ parent_id: 2 }])
  expect(await sql`select epoch, started_at, reason from epoch order by epoch`).toMatchObject([
    { epoch: 1, reason: 'installed' },
    { epoch: 2, started_at: '2026-03-03 09:00:00+00', reason: 'restored from the backup of 2026-03-02T08:00:00.000Z' },
  ])
})

test('a backup is one moment: what is written meanwhile is in it wholly or not at all', async () => {
  const { accesses, owner } = await filled()
  const file = join(place(), 'a.backup')

  await backup(accesses.app, file, {
    ...about,
    onTable: async (table) => {
      if (table === 'child') await owner`insert into parent values (50, null)`
    },
  })

  const text = gunzipSync(readFileSync(file)).toString()
  expect(text).toContain('{"table":"parent","columns":["id","favourite"]}\n1\t1\n2\t1\n\\.\n')
})

test('a backup of an older version is restored as it was and then brought up to this one', async () => {
  const { accesses } = await filled()
  const file = join(place(), 'old.backup')
  await backup(accesses.app, file, about)

  const there = await fresh()
  await restore(there.accesses, file, { now, folder: migrations(SECOND) })
  expect(await there.sql`select id, added from parent order by id`).toEqual([
    { id: 1, added: 'yes' },
    { id: 2, added: 'yes' },
  ])

  const started = await fresh()
  await migrate(started.accesses, { folder: migrations(SECOND) })
  await expect(restore(started.accesses, file, { now, folder: migrations(SECOND) })).rejects.toThrow(
    /^The backup was written before migration 20260201000000_later and this database has it: restore into a database where/,
  )
})

test('a backup of a newer version, a used database and an existing file are refused with nothing changed', async () => {
  const { accesses, folder } = await filled()
  const file = join(place(), 'new.backup')
  await migrate(accesses, { folder: migrations(SECOND) })
  await backup(accesses.app, file, about)

  const there = await fresh()
  await expect(restore(there.accesses, file, { now, folder })).rejects.toThrow(/was written by a newer Countersign/)
  expect(await tablesOf(there.owner)).toEqual([])

  await migrate(there.accesses, { folder: migrations(SECOND) })
  await there.sql`insert into parent values (7, null)`
  await expect(restore(there.accesses, file, { now, folder: migrations(SECOND) })).rejects.toThrow(
    'The database is not empty (table parent): restore into a new one; nothing was changed.',
  )
  expect(await there.sql`select id from parent`).toEqual([{ id: 7 }])

  await expect(backup(accesses.app, file, about)).rejects.toThrow(/exists already: name a new file/)
})

test('a cut, altered or foreign file is refused before the database is touched', async () => {
  const { accesses, folder } = await filled()
  const place_ = place()
  const file = join(place_, 'good.backup')
  await backup(accesses.app, file, about)
  const packed = readFileSync(file)
  const text = gunzipSync(packed).toString('latin1')
  const flipped = Buffer.from(packed)
  flipped[Math.floor(packed.length / 2)] = (flipped[Math.floor(packed.length / 2)] ?? 0) ^ 1
  const repacked = (changed: string) => gzipSync(Buffer.from(changed, 'latin1'))
  const bad: Record<string, [Buffer, RegExp]> = {
    'cut in the middle': [packed.subarray(0, packed.length / 2), /was cut short/],
    'cut by one byte': [packed.subarray(0, -1), /was cut short/],
    'one bit': [flipped, /was altered or damaged/],
    'a value edited': [repacked(text.replace('\n1\t1\n', '\n1\t2\n')), /altered or damaged \(table parent\)/],
    'a row removed': [repacked(text.replace('\n2\t1\n\\.', '\n\\.')), /altered or damaged \(table parent\)/],
    'a table removed': [
      repacked(text.replace(/\{"table":"parent"[\s\S]*?"sha256":"\w+"\}\n/, '')),
      /\(its last line\)/,
    ],
    'another date': [repacked(text.replace('2026-03-02', '2026-03-01')), /altered or damaged \(its last line\)/],
    'lines lost': [repacked(text.slice(0, text.lastIndexOf('{"end"'))), /was cut short/],
    'more after the end': [repacked(`${text}x\n`), /\(more after its end\)/],
    'not gzip': [Buffer.from('hello'), /not readable as gzip/],
    'something else': [gzipSync('{"a":1}\n'), /is not a backup of Countersign/],
    empty: [Buffer.alloc(0), /was cut short/],
  }
  const there = await fresh()

  for (const [name, [bytes, sentence]] of Object.entries(bad)) {
    const path = join(place_, 'bad.backup')
    writeFileSync(path, bytes)
    const said = await restore(there.accesses, path, { now, folder }).then(
      () => 'restored',
      (error: Error) => error.message,
    )
    expect([name, said]).toEqual([name, expect.stringMatching(sentence)])
  }
  await expect(restore(there.accesses, join(place_, 'none'), { now, folder })).rejects.toThrow(
    /There is no file .*none/,
  )
  expect(await tablesOf(there.owner)).toEqual([])
})

test('a restore that fails half way through changes nothing and says why', async () => {
  const { accesses, folder } = await filled()
  const place_ = place()
  await backup(accesses.app, join(place_, 'good.backup'), about)
  // A file whose hashes are right and whose rows the database refuses: as if written by a version with a bug.
  const text = gunzipSync(readFileSync(join(place_, 'good.backup'))).toString('latin1')
  const wrong = rehashed(text.replace('\n1\t2\t2\n', '\n1\t77\t2\n'))
  writeFileSync(join(place_, 'wrong.backup'), gzipSync(Buffer.from(wrong, 'latin1')))
  const twice = rehashed(text.replace('\n2\t1\t1\n', '\n1\t1\t1\n'))
  writeFileSync(join(place_, 'twice.backup'), gzipSync(Buffer.from(twice, 'latin1')))
  const there = await fresh()

  await expect(restore(there.accesses, join(place_, 'wrong.backup'), { now, folder })).rejects.toThrow(/foreign key/)
  await expect(restore(there.accesses, join(place_, 'twice.backup'), { now, folder })).rejects.toThrow(/child/)

  expect(await there.owner`select count(*)::int as rows from "Odd ""name"`).toEqual([{ rows: 0 }])
  await restore(there.accesses, join(place_, 'good.backup'), { now, folder })
  expect(await there.owner`select count(*)::int as rows from "Odd ""name"`).toEqual([{ rows: 10 }])
})

test('a backup that cannot be written says so and leaves no file', async () => {
  const { accesses } = await filled()
  const file = join(place(), 'no-such-folder', 'a.backup')

  await expect(backup(accesses.app, file, about)).rejects.toThrow(
    `${file} cannot be written (ENOENT): name a folder that exists, is yours and has room.`,
  )

  expect(existsSync(`${file}.half`)).toBe(false)
})

test('the real schema makes the round trip, and its freshly migrated tables count as empty', async () => {
  const here = await testDatabase()
  onTestFinished(here.close)
  await here.owner`insert into numbering (series, last) values ('EVT-2026', 42)`
  await here.owner`insert into epoch values (2, now(), 'a test')`
  const file = join(place(), 'real.backup')
  await backup(here.accesses.app, file, about)
  const there = await testDatabase()
  onTestFinished(there.close)

  await restore(there.accesses, file, { now })

  expect(await contentOf(there.owner)).toEqual(await contentOf(here.owner))
  expect(await there.sql`select last from numbering`).toEqual([{ last: 42 }])
  expect(await there.sql`select max(epoch) as epoch from epoch`).toEqual([{ epoch: 3 }])
  expect((await inspect(file)).header.migration).toBe(migrationNames().at(-1))
})

/** The text of a backup with its hashes made anew. */
function rehashed(text: string): string {
  const hash = (part: string) => createHash('sha256').update(Buffer.from(part, 'latin1')).digest('hex')
  const tables = text.replace(
    /(\{"table":.*\}\n)([\s\S]*?)\\\.\n\{"rows":(\d+),"sha256":"\w+"\}\n/g,
    (_, head, rows, count) => `${head}${rows}\\.\n${JSON.stringify({ rows: Number(count), sha256: hash(rows) })}\n`,
  )
  const end = tables.lastIndexOf('{"end"')
  return `${tables.slice(0, end)}${tables.slice(end).replace(/"sha256":"\w+"/, `"sha256":"${hash(tables.slice(0, end))}"`)}`
}
