import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readExport } from '../../src/access/formats/index.ts'
import { registerSystem } from '../../src/access/systems.ts'
import { csvRow, csvText } from '../../src/core/csv.ts'
import { Refusal } from '../../src/core/errors.ts'
import { textOf } from '../../src/core/md.ts'
import { importPeople } from '../../src/people/importing.ts'
import { bring, plainExport } from '../support/access.ts'
import { makeWorld } from '../support/world.ts'
import { stateOf } from './loop.ts'

describe('T25 what we write for a spreadsheet', () => {
  const leads = ['=', '+', '-', '@', '\t', '\r', '\n', '\u0000', '＝', '＋', '－', '＠', '\u2212']
  const before = ['', ' ', '"', "'", '\ufeff', '  "', '\u200b', '\u00a0']
  // What spreadsheet programs take for the start of a formula, after what they strip; written apart from the code.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  const isFormula = (cell: string) => /^[\s"'\u0000-\u0020\u00a0\u200b\ufeff]*[=+\-@＝＋－＠\u2212]/u.test(cell)

  test('no cell of the corpus is a formula when it is opened, and the raw text comes back', () => {
    for (const lead of leads)
      for (const first of before) {
        const raw = `${first}${lead}cmd|' /C calc'!A0`
        const [cells] = parse(csvRow(['a', raw, 'z']), { relax_quotes: false }) as string[][]
        expect(cells).toHaveLength(3)
        expect(isFormula(cells?.[1]?.slice(0, 1) === "'" ? 'x' : (cells?.[1] ?? '')), JSON.stringify(raw)).toBe(false)
        expect(csvText(cells?.[1] ?? '')).toBe(raw)
      }
  })

  test('any text survives the way out and back, in one row and one cell', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => one === one.toWellFormed())
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (values) => {
        const rows = parse(csvRow(values)) as string[][]
        expect(rows).toHaveLength(1)
        expect(rows[0]?.map(csvText)).toEqual(values)
        for (const cell of rows[0] ?? []) expect(isFormula(cell) && !cell.startsWith("'")).toBe(false)
      }),
      { numRuns: 300, seed: 25 },
    )
  })
})

describe('T26 what comes in', async () => {
  const world = await makeWorld({ seed: 'imports' })
  await world.system((ctx) => registerSystem(ctx, { code: 'crm', name: 'CRM', ownerId: world.person('lena').id }))
  const head = 'account_id,email,name,role,type,hr_status,last_login,created\n'
  const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), gzipSync(Buffer.alloc(2_000_000))])
  const odd: [string, Uint8Array][] = [
    ['a workbook that unpacks to gigabytes', zip],
    ['a gzip archive', gzipSync(Buffer.alloc(5_000_000))],
    ['a cell of 10 MB', Buffer.from(`${head}A1,a@example.com,${'x'.repeat(10_000_000)},Viewer,human,,,\n`)],
    ['a quote that is never closed', Buffer.from(`${head}A1,a@example.com,"${'x,\n'.repeat(600_000)}`)],
    ['21 MB', Buffer.alloc(21 * 1024 * 1024, 0x61)],
    ['a million and more lines', Buffer.from(`account_id,role\n${'A,B\n'.repeat(1_000_001)}`)],
    ['a thousand columns', Buffer.from(`${Array.from({ length: 1000 }, (_, n) => `c${n}`).join(',')}\n`)],
    [
      'GBK bytes',
      Buffer.concat([
        Buffer.from(head),
        Buffer.from('A1,a@example.com,', 'latin1'),
        Buffer.from([0xd6, 0xd0, 0xce, 0xc4]),
        Buffer.from(',Viewer,human,,,\n'),
      ]),
    ],
    ['a header twice', Buffer.from('account_id,role,role\nA1,x,y\n')],
    ['nothing but zeros', Buffer.alloc(1000)],
    ['JSON nested a million deep', Buffer.from(`{"Resources":${'['.repeat(1_000_000)}`)],
    ['a sign-in page', Buffer.from('<!doctype html><html><body>Sign in</body></html>')],
  ]

  test.each(odd)('%s is refused within five seconds, in one sentence, and nothing is stored', async (_what, bytes) => {
    const before = await stateOf(world)
    const begun = performance.now()
    const why = await bring(world, bytes).then(
      () => 'taken',
      (error: Error) => (error instanceof Refusal ? textOf(error.text) : error.message),
    )
    expect(performance.now() - begun).toBeLessThan(5000)
    expect(why).toMatch(/^[A-Z].{20,400}[.]$/s)
    expect(await stateOf(world)).toEqual(before)
  })

  test('the largest that is let in stays below 256 MB of memory', () => {
    const script = `
      import { readExport } from ${JSON.stringify(new URL('../../src/access/formats/index.ts', import.meta.url).href)}
      const rows = 'account_id,role\\n' + Array.from({ length: 200_000 }, (_, n) => 'A' + n + ',=HYPERLINK("https://evil.example")').join('\\n')
      const before = process.memoryUsage().rss
      await readExport(Buffer.from(rows), { now: new Date(0), system: 'crm' }).catch((error) => { if (error.name !== 'ExportRefused') throw error })
      console.log(Math.round((process.resourceUsage().maxRSS * 1024 - before) / 1e6))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: {},
    })
    expect(stderr).toBe('')
    expect(Number(stdout)).toBeLessThan(256)
  })

  test('formulas are words: kept as they came, run by nobody', async () => {
    const formula = '=HYPERLINK("https://evil.example","Approve")'
    const bytes = Buffer.from(
      `${head}A1,omar@example.com,"${formula.replaceAll('"', '""')}",Viewer,human,,2026-11-20,2025-01-10\n`,
    )
    const { rows } = await readExport(bytes, { now: world.now(), system: 'crm' } as Parameters<typeof readExport>[1])
    expect(JSON.stringify(rows)).toContain(JSON.stringify(formula).slice(1, -1))
    expect((await bring(world, bytes)).receipt.balanced).toBe(true)
  })

  test('T38 columns called __proto__, constructor, id, state and roles of a leader give nobody anything', async () => {
    const roles = () => world.sql`select person_id, role from person_role order by 1, 2`
    const before = [await roles(), await world.sql`select id, state from person order by 1`]
    const lines = [
      'email,name,__proto__,constructor,id,state,org_id',
      `omar@example.com,Omar Haddad,isms-manager,x,${world.person('mei').id},left,1`,
    ]
    await world
      .system((ctx) => importPeople(ctx, { bytes: Buffer.from(lines.join('\n')), source: 'HR' }))
      .catch((error: unknown) => expect(error).toBeInstanceOf(Refusal))
    await bring(world, Buffer.from(`account_id,role,__proto__,constructor\nA9,Viewer,x,y\n`)).catch(() => undefined)
    expect([await roles(), await world.sql`select id, state from person order by 1`]).toEqual(before)
    expect(({} as Record<string, unknown>).role).toBeUndefined()
  })

  test('T12 two names for one person, T13 an address used again: an export gives rights to the person of the address only', async () => {
    const { links } = await bring(
      world,
      plainExport([
        { id: 'B1', who: 'omar', role: 'Viewer' },
        { id: 'B2', mail: 'lev@example.com', who: 'Omar Haddad', role: 'Admin' },
      ]),
    )
    expect(links).toMatchObject({ email: 2, ambiguous: 0 })
    const [row] = await world.sql`select person_id from access_grant where account_id = 'B2'`
    expect(row?.person_id).toBe(world.person('lev').id)
  })
})
