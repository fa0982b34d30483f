import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDates, readTime } from '../../src/access/formats/dates.ts'
import { streamExport } from '../../src/access/formats/index.ts'
import { parseRows } from '../../src/access/formats/rows.ts'
import { openTally } from '../../src/access/formats/tally.ts'
import { read, seen } from './exports/read.ts'

const head = 'Name,Email,Role\n'

describe('bent but honest files', () => {
  it('BOM, UTF-16 both ways, semicolon, tab, CR only, sep= and quoted headers all read the same', async () => {
    const text = 'Name,Email,Role\r\nAnn Lee,ann@example.com,viewer\r\nZoë Ł, BOB@Example.com ,admin\r\n'
    const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    const plain = seen(await read(text))
    expect(plain).toEqual([
      '2 | ann@example.com | ann@example.com | human | unknown | viewer | unknown | not read',
      '3 | bob@example.com | bob@example.com | human | unknown | admin | yes | not read',
    ])
    for (const file of [
      Buffer.from(`\ufeff${text}`),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      big,
      text.replaceAll(',', ';'),
      text.replaceAll(',', '\t'),
      text.replaceAll('\r\n', '\r'),
      text.replaceAll('\r\n', '\n').trimEnd(),
      text.replace('Name,Email,Role', '"Name","Email","Role"'),
    ]) {
      const imported = await read(file)
      expect(seen(imported)).toEqual(plain)
      expect(imported.receipt).toMatchObject({ lines: 3, header: 1, accepted: 2, balanced: true })
    }
    const hinted = await read(`sep=;\r\n${text.replaceAll(',', ';')}`)
    expect(hinted.receipt).toMatchObject({ lines: 4, header: 2, accepted: 2, delimiter: ';', balanced: true })
  })

  it('ISO-8859-1 only when the importer says so', async () => {
    const { receipt, rows } = await read(Buffer.from(`${head}Zo\u00eb,zoe@example.com,viewer\n`, 'latin1'), {
      encoding: 'iso-8859-1',
    })
    expect(receipt.encoding).toBe('iso-8859-1')
    expect(rows[0]?.account.name).toBe('Zoë')
    expect(receipt.warnings).toContain('Read as ISO-8859-1 because the importer said so.')
  })

  it('a row over several lines counts each of them, accepted or rejected', async () => {
    const { receipt, rows } = await read(
      `${head}"Ann\r\nLee\r\n",ann@example.com,viewer\n"Bob\nStone",bob@example.com\nCid,cid@example.com,viewer\n`,
    )
    expect(rows.map(({ line, account }) => [line, account.name])).toEqual([
      [2, 'Ann\r\nLee'],
      [7, 'Cid'],
    ])
    expect(receipt).toMatchObject({ lines: 7, accepted: 4, rows: 3, balanced: true })
    expect(receipt.rejected).toEqual([
      { line: 5, reason: 'has 2 cells, the header has 3' },
      { line: 6, reason: 'continues line 5: has 2 cells, the header has 3' },
    ])
  })

  it('a misplaced quote costs its own line and nothing after it', async () => {
    const { receipt, rows } = await read(
      `${head}Ann,ann@example.com,vi"ewer\nBob,"bob@example.com,viewer\nCid,cid@example.com,"admin"\nDee,dee@example.com,"a"b\nEve,eve@example.com,viewer\n`,
    )
    expect(receipt.rejected).toEqual([
      { line: 2, reason: 'a quote is out of place' },
      { line: 3, reason: 'a quote is opened here and never closed: the file may be cut off' },
      { line: 5, reason: 'a quote is out of place' },
    ])
    expect(rows.map((row) => row.line)).toEqual([4, 6])
    expect(receipt).toMatchObject({ lines: 6, accepted: 2, balanced: true })
  })

  it('a file that was cut off inside a quote says so', async () => {
    const { receipt } = await read(`${head}Ann,ann@example.com,viewer\n"Bob St`)
    expect(receipt.rejected).toEqual([
      { line: 3, reason: 'a quote is opened here and never closed: the file may be cut off' },
    ])
    expect(receipt.balanced).toBe(true)
    expect((await read(`${head}Ann,ann@example.com,viewer\n"Bob St`, { expected: 3 })).receipt.imbalance).toEqual([
      '3 rows were announced, the file has 2.',
    ])
  })

  it('a typed total is held against rows, and without any total the receipt asks for one', async () => {
    expect((await read('campaign-50.csv', { expected: 50 })).receipt).toMatchObject({
      controlTotal: 50,
      controlSource: 'typed',
      balanced: true,
      warnings: [],
    })
    expect((await read('campaign-50.csv', { expected: 51 })).receipt).toMatchObject({
      balanced: false,
      imbalance: ['51 rows were announced, the file has 50.'],
    })
    expect((await read('campaign-50.csv')).receipt.warnings).toEqual([
      'Nothing to hold the number of rows against: ask the source how many rows it has and enter that.',
    ])
  })

  it('the same address twice under two ids is two accounts, one id with two roles is one', async () => {
    const { receipt, rows } = await read(
      'account_id,email,role\n1,ann@example.com,viewer\n2,ANN@example.com ,viewer\n1,ann@example.com,admin\n',
    )
    expect(rows.map(({ account, entitlement }) => [account.id, account.email, entitlement.key])).toEqual([
      ['1', 'ann@example.com', 'viewer'],
      ['2', 'ann@example.com', 'viewer'],
      ['1', 'ann@example.com', 'admin'],
    ])
    expect(receipt).toMatchObject({ accounts: 2, grants: 3 })
    expect(receipt.warnings).toContain('Accounts have an e-mail address that another account has too: 1 row (line 3).')
  })

  it('rows without an e-mail address are kept; rows without any account or role are rejected', async () => {
    const { receipt, rows } = await read(`${head}CI bot,,deploy\n,,viewer\nAnn,ann@example.com, \n`)
    expect(rows.map(({ account }) => [account.id, account.kind])).toEqual([['CI bot', 'unknown']])
    expect(receipt.rejected).toEqual([
      { line: 3, reason: 'names no account' },
      { line: 4, reason: 'names no role' },
    ])
  })

  it('formulas stay the text they are', async () => {
    const { rows } = await read(`${head}"=HYPERLINK(""http://evil.example"")",ann@example.com,=1+1\n`)
    expect([rows[0]?.account.name, rows[0]?.entitlement.label]).toEqual(['=HYPERLINK("http://evil.example")', '=1+1'])
  })

  it('T38 columns called __proto__ or constructor change nothing', async () => {
    await expect(read('__proto__,constructor,Role\nx,y,z\n')).rejects.toMatchObject({ code: 'unknown header' })
    const { rows, receipt } = await read('__proto__,constructor,Who\nadmin,state,ann\n', {
      mapping: { Who: 'login', constructor: 'role' },
    })
    expect(rows[0]).toMatchObject({ account: { id: 'ann' }, entitlement: { key: 'state' } })
    expect(receipt.warnings).toContain('Columns left out: __proto__.')
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it("a person's mapping makes another table canonical and stands in the receipt", async () => {
    const file = 'Benutzer;Rolle;Letzte Anmeldung;Notiz\nann;admin;03.04.2026;x\n'
    const { receipt, rows } = await read(file, {
      mapping: { Benutzer: 'login', Rolle: 'role', 'Letzte Anmeldung': 'last_login' },
    })
    expect(receipt.mapping).toEqual([
      { column: 'Benutzer', field: 'login' },
      { column: 'Rolle', field: 'role' },
      { column: 'Letzte Anmeldung', field: 'last_login' },
    ])
    expect(rows[0]?.lastUsedAt).toBe('2026-04-03T00:00:00.000Z')
    await expect(read(file, { mapping: { Benutzer: 'login', Gruppe: 'role' } })).rejects.toMatchObject({
      code: 'mapping',
    })
    await expect(read(file, { mapping: { Benutzer: 'login' } })).rejects.toMatchObject({ code: 'mapping' })
  })

  it('batches and the whole say the same', async () => {
    const stream = streamExport(
      Buffer.from(`${head}${Array.from({ length: 20_000 }, (_, i) => `P${i},p${i}@example.com,viewer\n`).join('')}`),
      { system: 'ERP' },
    )
    const sizes: number[] = []
    let step = await stream.next()
    for (; !step.done; step = await stream.next()) sizes.push(step.value.length)
    expect(sizes.length).toBeGreaterThan(5)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(20_000)
    expect(step.value).toMatchObject({ lines: 20_001, accepted: 20_000, accounts: 20_000, balanced: true })
  })
})

describe('dates', () => {
  it.each([
    ['8/19/2021 1:25:31 PM', '2021-08-19T13:25:31.000Z'],
    ['12/1/2021 12:00:00 AM', '2021-12-01T00:00:00.000Z'],
    ['2026/04/10 04:05:20', '2026-04-10T04:05:20.000Z'],
    ['3 Jan 2024', '2024-01-03T00:00:00.000Z'],
    ['Jan 3, 2024', '2024-01-03T00:00:00.000Z'],
    ['2018-08-12T17:20:55+00:00', '2018-08-12T17:20:55.000Z'],
    ['2018-08-12T17:20:55.5+0530', '2018-08-12T11:50:55.500Z'],
    ['2026-09-28 10:11:12 UTC', '2026-09-28T10:11:12.000Z'],
    ['2026-09-28', '2026-09-28T00:00:00.000Z'],
    ['31/12/2025', '2025-12-31T00:00:00.000Z'],
    ['3.4.2026', '2026-04-03T00:00:00.000Z'],
    ['04/03/2026', 'ambiguous'],
    ['2026-02-30', undefined],
    ['0001-01-01T00:00:00Z', undefined],
    ['soon', undefined],
  ])('%s', (text, time) => {
    expect(readTime(text)).toBe(time)
  })

  it.each([
    ['Never accessed', 'never'],
    ['Never logged in', 'never'],
    ['no_information', 'unknown'],
    ['N/A', 'unknown'],
    [' --', 'unknown'],
    ['', 'unknown'],
    [undefined, 'not read'],
    ['next week', 'unknown'],
  ])('last use %j is %s', (text, use) => {
    expect(openDates(openTally({ system: 'ERP' })).lastUse(text)).toBe(use)
  })
})

describe('T26 whatever the file, every line is accounted for', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      'viewer',
      'admin',
      'ann@example.com',
      ' ',
      '"',
      'a"b',
      '""',
      'x\ny',
      '=1+1',
      'é',
      '\u0000x'.slice(1),
      ';',
      '\t',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\u0000')),
  )
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const end = fc.constantFrom('\n', '\r\n')

  it('in files written by the book, nothing but duplicates and nameless rows is rejected', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 30 }),
        end,
        fc.boolean(),
        async (table, eol, closed) => {
          const body = table.map((row) => row.map(quoted).join(',')).join(eol)
          const file = `Name,Email,Role${eol}${body}${closed && body ? eol : ''}`
          const { receipt, rows } = await read(file)
          expect(receipt.balanced, JSON.stringify(receipt.imbalance)).toBe(true)
          expect(receipt.rows).toBe(table.length)
          expect(receipt.grants).toBe(rows.length)
          for (const { reason } of receipt.rejected) expect(reason).toMatch(/same grant|names no/)
          expect(parseRows(Buffer.from(body), ',', 10)).toEqual(table)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('in any text at all, lines add up and no line is told twice', async () => {
    const line = fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(','))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), end, async (lines, eol) => {
        const file = ['Name,Email,Role', ...lines].join(eol)
        const { receipt, rows } = await read(file)
        expect(receipt.balanced, JSON.stringify(receipt.imbalance)).toBe(true)
        expect(receipt.lines).toBe(file.split('\n').length - (file.endsWith('\n') ? 1 : 0))
        const told = [...receipt.rejected, ...receipt.outOfScope].map((entry) => entry.line)
        expect(new Set(told).size).toBe(told.length)
        for (const row of rows) expect(told).not.toContain(row.line)
      }),
      { numRuns: 300 },
    )
  })
})
