import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importPolicies } from '../src/policies/importing.ts'
import {
  button,
  click,
  imported,
  last,
  launch,
  policyFile,
  publish,
  read,
  said,
  submit,
  wordsIn,
} from './support/policies.ts'
import { makeWorld } from './support/world.ts'

const COMPANY = new URL('../src/cli/demo/company/policies/', import.meta.url)
const bytes = (text: string) => new TextEncoder().encode(text)
const PDF = bytes('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF')
const DOCX = bytes('PK\u0003\u0004....[Content_Types].xml....word/document.xml....')

const world = await makeWorld()
const put = (...files: { name: string; bytes: Uint8Array }[]) => world.system((ctx) => importPolicies(ctx, files))
const kept = async () => {
  const [row] = await world.sql`
    select (select count(*)::int from policy_version) as versions, (select count(*)::int from policy) as policies,
           (select count(*)::int from file) as files`
  return row
}

describe('a version is frozen', () => {
  test('with the SHA-256 of its exact bytes; the same again changes nothing; other bytes need a new number', async () => {
    const file = policyFile({ code: 'frozen', version: '3.0' })
    const [first] = await put(file)
    expect(first).toMatchObject({ outcome: 'new', name: 'frozen-v3.0.md' })
    const [row] =
      await world.sql`select sha256, version, ordinal, body from policy_version where id = ${first?.version ?? ''}`
    expect(row).toMatchObject({
      sha256: createHash('sha256').update(file.bytes).digest('hex'),
      version: '3.0',
      ordinal: 1,
    })
    expect(row?.body).not.toContain('approved_by')

    expect(await put(file)).toEqual([{ name: file.name, outcome: 'unchanged', version: first?.version }])
    const before = await kept()
    const [other] = await put(policyFile({ code: 'frozen', version: '3.0' }, 'Another text.'))
    expect(other).toMatchObject({
      outcome: 'refused',
      why: 'Version 3.0 is frozen and this file differs from it: give it a new number.',
    })
    expect(await kept()).toEqual(before)
    expect((await put(policyFile({ code: 'frozen', version: '3.1' })))[0]?.outcome).toBe('new version')
    expect((await put(policyFile({ code: 'frozen', version: '2.0' })))[0]?.why).toContain('versions are added in order')
    expect((await world.entries(first?.version)).map((one) => one.type)).toEqual(['policy.imported'])
  })

  test('two versions in one folder come in order, whatever the files are called', async () => {
    const newer = { ...policyFile({ code: 'order', version: '"10.0"' }), name: 'a.md' }
    const older = { ...policyFile({ code: 'order', version: '"9.0"' }), name: 'b.md' }
    expect((await put(newer, older)).map((one) => one.outcome)).toEqual(['new version', 'new'])
  })

  test('two imports at once do not give one number twice', async () => {
    const both = await Promise.all(
      ['1.0', '1.1'].map((version) => put(policyFile({ code: 'race', version: `"${version}"` }))),
    )
    expect(both.flat().filter((one) => one.outcome === 'new')).toHaveLength(1)
  })
})

describe('what is wrong with a file is said in one sentence each, and nothing of it is kept', () => {
  const text = new TextDecoder()
  test.each([
    ['no front matter', { name: 'a.md', bytes: bytes('# Hello') }, /does not begin with its facts/],
    ['empty', { name: 'a.md', bytes: bytes('') }, /It is empty/],
    ['not UTF-8', { name: 'a.md', bytes: Uint8Array.of(0x2d, 0x2d, 0xff, 0xfe) }, /not UTF-8/],
    ['front matter only', policyFile({}, ' '), /no text after its facts/],
    ['broken YAML', { name: 'a.md', bytes: bytes('---\ntitle: "a\nb: [\n---\ntext') }, /cannot be read at line/],
    ['unknown owner', policyFile({ owner: 'nobody@example.com' }), /owner nobody@example.com is not in the register/],
    ['unknown approver', policyFile({ approved_by: 'x@example.com' }), /approver x@example.com is not in the register/],
    ['half an approval', policyFile({ approved_on: undefined }), /belong together/],
    ['approval to come', policyFile({ approved_on: '2027-01-01' }), /lies in the future/],
    ['a day that does not exist', policyFile({ review_on: '2027-02-29' }), /review_on is no date/],
    ['audience in prose', policyFile({ audience: 'all engineers' }), /audience "all engineers" is not understood/],
    ['audience by a thing unknown', policyFile({ audience: '[{ planet: Mars }]' }), /audience "planet: Mars"/],
    ['a misspelt fact', policyFile({ aproved_by: 'cleo@example.com' }), /not known here \(aproved_by\)/],
    ['a picture', { name: 'a.png', bytes: bytes('x') }, /Only Markdown/],
    ['a lone facts file', { name: 'a.yaml', bytes: bytes('title: A') }, /no PDF or DOCX of the same name/],
    ['a PDF without facts', { name: 'a.pdf', bytes: PDF }, /put them into a.yaml/],
  ])('%s', async (_, file, why) => {
    const before = await kept()
    const [outcome] = await put(file)
    expect(outcome?.outcome).toBe('refused')
    expect(outcome?.why).toMatch(why)
    expect(await kept()).toEqual(before)
  })

  test('all problems of a file at once, and the good file beside it still goes', async () => {
    const bad = policyFile({
      code: 'bad',
      title: undefined,
      owner: 'Dora',
      effective_from: 'soon',
      audience: undefined,
    })
    const outcomes = await put(bad, policyFile({ code: 'good' }))
    expect(outcomes[0]?.why?.match(/[^.]\.( |$)/g)).toHaveLength(4)
    expect(outcomes[1]).toMatchObject({ outcome: 'new' })
  })

  test('T26 a bomb of YAML aliases and 30,000 facts are refused at once', async () => {
    const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.replace(/./g, (c) => `${c}: &${c} [*a,*a,*a,*a,*a,*a,*a,*a]\n`)}---\ntext`
    const long = `---\n${'x: y\n'.repeat(30_000)}---\ntext`
    const [one, two] = await put({ name: 'a.md', bytes: bytes(bomb) }, { name: 'b.md', bytes: bytes(long) })
    expect([one?.outcome, two?.outcome]).toEqual(['refused', 'refused'])
    expect(text.decode(bytes(two?.why ?? ''))).toContain('longer than 20,000')
  })
})

describe('PDF and DOCX', () => {
  const facts = (more = '') =>
    bytes(
      `title: Safe Labs\nversion: 1.0\ncode: safe-labs\nowner: dora@example.com\napproved_by: cleo@example.com\napproved_on: 2026-11-16\naudience: everyone\nminutes: 7\n${more}`,
    )

  test('T27 what is called .pdf and is none is refused, and so is one without the summary', async () => {
    const before = await kept()
    const [one] = await put({ name: 'x.pdf', bytes: bytes('<html><script>') }, { name: 'x.yaml', bytes: facts() })
    expect(one?.why).toContain('what it holds is no PDF file')
    expect(one?.why).toContain('The summary is missing')
    const [two] = await put({ name: 'x.docx', bytes: PDF }, { name: 'x.yaml', bytes: facts('summary: Short.') })
    expect(two?.why).toContain('no DOCX file')
    expect(await kept()).toEqual(before)
  })

  test('T27 the card has the summary, the minutes and the file; only who may read it gets it, as it came in', async () => {
    const [one] = await put(
      { name: 'labs.pdf', bytes: PDF },
      { name: 'labs.yaml', bytes: facts('summary: Wear goggles.') },
    )
    expect(one).toMatchObject({ outcome: 'new', name: 'labs.pdf' })
    const version = one?.version ?? ''
    await launch(world, version)
    const asked = last(world, 'omar')
    expect(read(asked)).toContain('Safe Labs v1.0 · 7 minutes')
    const { form } = await click(world, 'omar', button(asked, 'Read and acknowledge'))
    expect(wordsIn(form?.blocks ?? [])).toContain('Wear goggles.')
    expect(form?.submit).toBe('Acknowledge')
    const door = button(form, 'Open safe-labs-v1.0.pdf')
    const id = door.with?.path?.replace('/file/', '') ?? ''
    const file = await world.core.file(id, world.as('omar').actor)
    expect(file).toMatchObject({ type: 'application/pdf', name: 'safe-labs-v1.0.pdf' })
    expect(Buffer.from(file?.bytes ?? []).equals(Buffer.from(PDF))).toBe(true)
    expect(await world.core.file(id, world.as('stranger').actor)).toBeUndefined()
    expect(read((await submit(world, 'omar', form)).card)).toContain('Receipt A-')
  })

  test('a DOCX goes the same way, with facts in a Markdown file beside it', async () => {
    const beside = bytes(
      `---\n${new TextDecoder().decode(facts('summary: Short.\n')).replaceAll('safe-labs', 'docx-labs')}---\n`,
    )
    const [one, ...rest] = await put({ name: 'labs.docx', bytes: DOCX }, { name: 'labs.md', bytes: beside })
    expect(one).toMatchObject({ outcome: 'new', name: 'labs.docx' })
    expect(rest).toEqual([])
  })

  test('a file of a policy for others is not handed out', async () => {
    const own = new TextDecoder().decode(facts('summary: S.')).replace('everyone', '[{department: Legal}]')
    const [one] = await put(
      { name: 'own.pdf', bytes: bytes('%PDF-1.4 other') },
      { name: 'own.yaml', bytes: bytes(own.replaceAll('safe-labs', 'own')) },
    )
    const [row] = await world.sql`select file_id from policy_version where id = ${one?.version ?? ''}`
    expect(await world.core.file(row?.file_id, world.as('dora').actor)).toBeDefined()
    expect(await world.core.file(row?.file_id, world.as('aude').actor)).toBeDefined()
    expect(await world.core.file(row?.file_id, world.as('omar').actor)).toBeUndefined()
    expect((await world.as('omar').card('policies.policy', one?.version)).blocks).toEqual([])
  })
})

describe('dropped into the browser', () => {
  const drop = async (...files: Uint8Array[]) => {
    const kept = files.map((file, n) =>
      world.core.keep({ type: 'text/html', bytes: file, name: `upload ${n + 1}.exe` }, world.as('mei').actor),
    )
    return world.as('mei').do('policies.import', { entries: { files: await Promise.all(kept) } })
  }

  test('the same files become the same versions; what they are, their bytes say, and their names are shown (T27)', async () => {
    const facts = 'title: Dropped\nversion: 1.0\nowner: dora@example.com\naudience: everyone\nsummary: Short.\n'
    const reply = await drop(
      policyFile({ code: 'dropped-md', title: 'Dropped Text' }).bytes,
      bytes('%PDF-1.5 dropped'),
      bytes(facts),
      DOCX,
      bytes(`---\n${facts.replaceAll('Dropped', 'Dropped Word')}---\n`),
      bytes('<html>'),
    )
    const rows = reply.card?.blocks.flatMap((block) => (block.kind === 'rows' ? block.rows : [])) ?? []
    expect(rows.map((row) => [row.title[0]?.text, row.status?.label])).toEqual([
      ['Dropped Text v1.0', 'New'],
      ['Dropped v1.0', 'New'],
      ['Dropped Word v1.0', 'New'],
      ['upload 6.exe', 'Refused'],
    ])
    expect(read(reply.card)).toContain('cannot be launched yet')
  })

  test('only an ISMS manager may', async () => {
    expect(said(await world.as('omar').do('policies.import'))).toContain('not yours')
    expect(said(await world.as('aude').do('policies.import', { entries: {} }))).toContain('not yours')
  })
})

describe('no launch without approval', () => {
  test('a draft is imported and says so; publishing it is refused with the way out', async () => {
    const file = policyFile({ code: 'draft', title: 'Draft', approved_by: undefined, approved_on: undefined })
    const [one] = await put(file)
    expect(one).toMatchObject({ outcome: 'new', why: expect.stringContaining('cannot be launched yet') })
    const reply = await publish(world, one?.version ?? '')
    expect(said(reply)).toContain('Draft v1.0 is not approved')
    expect(await world.sql`select 1 from campaign where subject_id = ${one?.version ?? ''}`).toHaveLength(0)
  })

  test('nor before it takes effect, unless it is sent on that day', async () => {
    const version = await imported(world, { code: 'later', title: 'Later', effective_from: '2026-12-01' })
    const refused = await publish(world, version)
    expect(refused.form?.errors?.opens).toContain('takes effect on 1 December 2026')
    const preview = await submit(world, 'mei', refused.form, { version, due: '2026-12-14', opens: '2026-12-01' })
    const { form } = await click(world, 'mei', button(preview.card, 'Everyone'))
    expect(read((await submit(world, 'mei', form)).card)).toContain('opens on Tue 1 December')
    await world.work()
    const count = async () => (await world.sql`select 1 from assignment where subject_id = ${version}`).length
    expect(await count()).toBe(0)
    await world.pass(new Date('2026-12-01T10:00:00Z'))
    await world.work()
    expect(await count()).toBe(12)
    expect(read(last(world, 'omar'))).toContain('Later v1.0')
  })
})

test('the policies of the demo company: readable, approved, and as long as they say', async () => {
  const files = readdirSync(COMPANY).map((name) => ({ name, bytes: readFileSync(new URL(name, COMPANY)) }))
  const outcomes = await put(...files)
  // Their owners are not in this small register: that is the one thing that is wrong with each.
  for (const one of outcomes) expect(one.why).toMatch(/^The owner \S+ is not in the register.*The approver/)
  expect(outcomes).toHaveLength(files.length)
})
