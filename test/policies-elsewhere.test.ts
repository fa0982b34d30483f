import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importAcknowledgements, readElsewhere } from '../src/policies/elsewhere.ts'
import { button, click, imported, last, launch, read, submit } from './support/policies.ts'
import { makeWorld, type World } from './support/world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const HEADER = 'email,policy,version,acknowledged_on,source\n'

async function bring(world: World, text: string) {
  const file = readElsewhere(bytes(text))
  if ('problem' in file) throw new Error(file.problem)
  return world.system((ctx) => importAcknowledgements(ctx, file.rows))
}

describe('acknowledgements given elsewhere', () => {
  test('are kept as imported and not witnessed, with both dates; nothing that is there is overwritten', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    await launch(world, version)
    const { form } = await click(world, 'ravi', button(last(world, 'ravi'), 'Read and acknowledge'))
    await submit(world, 'ravi', form)
    const before = await world.sql`select * from acknowledgement order by number`
    const lines = [
      'omar@example.com,acceptable-use,1.0,2026-01-12,"Signed paper, folder 3"',
      'RAVI@example.com,acceptable-use,v1.0,2026-01-13,Intranet',
      'lev@example.com,acceptable-use,1.0,2026-01-14,Intranet',
      'omar@example.com,acceptable-use,1.0,2026-02-01,Another paper',
    ]
    const receipt = await bring(world, HEADER + lines.join('\n'))
    expect(receipt).toEqual({ lines: 4, accepted: 2, alreadyThere: 2, rejected: [] })
    expect(await bring(world, HEADER + lines.join('\n'))).toMatchObject({ accepted: 0, alreadyThere: 4 })

    const after = await world.sql`select * from acknowledgement order by number`
    expect(after[0]).toEqual(before[0])
    expect(after).toHaveLength(3)
    const [row] = await world.sql`select * from acknowledgement where person_id = ${world.person('omar').id}`
    expect(row).toMatchObject({ source: 'imported', statement: '', import_source: 'Signed paper, folder 3' })
    expect(row?.acknowledged_at).toContain('2026-01-12 00:00:00')
    expect(row?.recorded_at).toContain('2026-11-23 09:00:00')
    expect((await world.entries(row?.id)).map((one) => one.type)).toEqual(['acknowledgement.imported'])
    // Omar was being asked: that is over, and the card says where the answer comes from.
    await world.work()
    expect(read(last(world, 'omar'))).toContain('imported and not witnessed here (Signed paper, folder 3)')
    expect(read(await world.as('omar').card('policies.mine'))).toContain('imported and not witnessed here')
  })

  test('who has acknowledged elsewhere is not asked again', async () => {
    const world = await makeWorld()
    const version = await imported(world)
    await bring(world, `${HEADER}omar@example.com,acceptable-use,1.0,2026-01-12,Paper`)
    await launch(world, version)
    expect(world.chat('omar')).toHaveLength(0)
    expect(world.chat('ravi')).toHaveLength(1)
  })

  test('each line that does not fit is rejected with its number and one reason; the sum is right', async () => {
    const world = await makeWorld()
    await imported(world)
    const receipt = await bring(
      world,
      `\ufeff${HEADER.replaceAll(',', ';')}${[
        'nobody@example.com;acceptable-use;1.0;2026-01-12;Paper',
        'omar@example.com;other;1.0;2026-01-12;Paper',
        'omar@example.com;acceptable-use;9.0;2026-01-12;Paper',
        '',
        'omar@example.com;acceptable-use;1.0;12.01.2026;Paper',
        'omar@example.com;acceptable-use;1.0;2027-01-12;Paper',
        'omar@example.com;acceptable-use;1.0;2026-01-12;',
        'omar@example.com',
        'omar@example.com;acceptable-use;1.0;2026-01-12;"Paper; =HYPERLINK(""x"")";extra',
      ].join('\r\n')}`,
    )
    expect(receipt).toEqual({
      lines: 8,
      accepted: 1,
      alreadyThere: 0,
      rejected: [
        { line: 2, reason: 'nobody@example.com is not in the register of people.' },
        { line: 3, reason: 'There is no policy other in version 1.0: import it first.' },
        { line: 4, reason: 'There is no policy acceptable-use in version 9.0: import it first.' },
        { line: 6, reason: '"12.01.2026" is no date such as 2025-11-18.' },
        { line: 7, reason: '2027-01-12 lies in the future.' },
        { line: 8, reason: 'The source is missing: say where the acknowledgement was given.' },
        { line: 9, reason: 'The policy or its version is missing.' },
      ],
    })
  })

  test.each([
    ['empty', '', /first line must be email,policy,version,acknowledged_on,source/],
    ['header only', HEADER, /only its header/],
    ['another header', 'mail,policy\na,b', /missing: email, version, acknowledged_on, source/],
    ['a column twice', `${HEADER.trim()},email\na`, /stands there twice/],
    ['a quotation mark that does not end', `${HEADER}"a,b`, /line 2: look at its quotation marks/],
  ])('T26 a file that is %s is refused as a whole', (_, text, why) => {
    expect(readElsewhere(bytes(text))).toMatchObject({ problem: expect.stringMatching(why) })
  })

  test('T26 GBK bytes are refused, and the file of the demo company is read to its last line', () => {
    expect(readElsewhere(Uint8Array.of(0xb5, 0xe7, 0xd3, 0xca))).toMatchObject({
      problem: expect.stringContaining('UTF-8'),
    })
    const file = new URL('../src/cli/demo/company/acknowledgements.csv', import.meta.url)
    const read = readElsewhere(readFileSync(file))
    expect('rows' in read && read.rows.length).toBe(readFileSync(file, 'utf8').trim().split('\n').length - 1)
  })
})
