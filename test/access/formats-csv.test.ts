import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRows } from '../../src/access/formats/rows.ts'
import { csvCell, csvRow, csvText } from '../../src/core/csv.ts'

const starts = ['=', '+', '-', '@', '\t', '\r', '\n', '\u0000', '＝', '＋', '－', '＠']
const before = ['', ' ', '"', "'", '\ufeff', '\u200b', '\u00a0', ' " ', '\t', '\ufeff"']

describe('T25 a spreadsheet finds no formula in what we write', () => {
  it.each(before.flatMap((prefix) => starts.map((start) => [prefix, start])))('%j before %j', (prefix, start) => {
    const raw = `${prefix}${start}cmd|'/c calc'!A1`
    const [[read]] = parseRows(Buffer.from(csvRow([raw])), ',', 10) as [[string]]
    expect(read).toBe(`'${raw}`)
    expect(csvText(read)).toBe(raw)
  })

  it('leaves ordinary text, numbers and dates alone', () => {
    expect(
      csvRow([
        'Ann Lee',
        'a,b',
        'say "hi"',
        -5,
        7n,
        true,
        null,
        undefined,
        new Date(0),
        "O'Neil",
        'a@b.example',
        '3-4',
      ]),
    ).toBe('Ann Lee,"a,b","say ""hi""",-5,7,true,,,1970-01-01T00:00:00.000Z,O\'Neil,a@b.example,3-4\r\n')
  })

  it('round trip: what is written reads back as it was', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("'=x", "''=x", "'x", ' =x', '"', '""', '\r\n', ',;\t|'),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (values) => {
        const read = parseRows(Buffer.from(csvRow(values)), ',', 10)[0]?.map(csvText)
        expect(read).toEqual(values.map((value) => value.toWellFormed()))
      }),
    )
    expect(csvCell('=1')).toBe(`"'=1"`)
  })
})
