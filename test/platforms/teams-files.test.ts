import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { attestationFile } from '../../db/schema/controls.ts'
import { upload } from '../../db/schema/files.ts'
import { policyVersion } from '../../db/schema/policies.ts'
import { controls, importOwners, importRegisters, readOwners } from '../../src/controls/index.ts'
import { home } from '../../src/home/index.ts'
import { policies } from '../../src/policies/index.ts'
import { makeFakeCore } from './slack-scene.ts'
import { buttonsIn, inputsIn, type Json, readCard } from './teams-cards.ts'
import { openTeamsCompany, type TeamsCompany } from './teams-company.ts'
import { consent, consentIn, DRIVE, type Drive, sendFiles } from './teams-drive.ts'
import { FEDERATED, MEI, openTeamsScene, type TeamsScene } from './teams-scene.ts'
import type { Posted } from './teams-stand-in.ts'
import { userOf } from './teams-users.ts'

const DESK = 'https://desk.example'
const OWNERS = 'code,owner,anchored_on\nmalware-coverage,kiran@example.com,2026-11-01\n'
const SECOND = 'backup-job-review,kiran@example.com,2026-11-01\n'
const MB = 1024 * 1024

/** What stands in a chat, as it is read; a card for a file by its name. */
const cardsOf = (messages: readonly Posted[]): string[] =>
  messages.map(({ activity }) => {
    const [{ contentType, content, name } = {}] = (activity.attachments ?? []) as Json[]
    if (contentType === 'application/vnd.microsoft.card.adaptive') return readCard(content as Json)
    return `${String(contentType).split('.').at(-1)}: ${String(name)}`
  })

describe('a file that somebody asked for', () => {
  let company: TeamsCompany
  let drive: Drive
  beforeEach(async () => {
    company = await openTeamsCompany({ seed: 'files', workflows: [controls, home], desk: DESK })
    const { world } = company
    drive = company.standIn.drive
    await world.system((ctx) => importRegisters(ctx))
    await world.system((ctx) => importOwners(ctx, readOwners(OWNERS, 'en')))
    for (const who of ['kiran', 'omar', 'mei']) company.standIn.meet(company.user(who).id)
    await world.work()
    return company.close
  })

  const chat = (who: string) => company.standIn.chat(company.user(who).id)
  const words = (who: string) => cardsOf(chat(who))
  const evidence = Buffer.from('machine,agent\n')

  /** Kiran has attested with a file, and asks for it: the question in the chat, and the file's id. */
  async function asked() {
    const { world } = company
    const { actor } = world.as('kiran')
    const id = await world.core.keep({ type: 'text/csv', bytes: evidence, name: 'agents.csv' }, actor)
    const [period] = await world.sql`select id from occurrence`
    const entries = { answer: 'operates', statement: 'All report.', files: [id] }
    await world.as('kiran').do('controls.attest', { id: period?.id, entries })
    await world.work()
    return { id, kiran: company.as('kiran'), question: await ask() }
  }
  async function ask(): Promise<Posted> {
    await company.as('kiran').click(company.message('kiran', 'Open agents.csv'), 'Open agents.csv')
    await company.settled()
    const question = chat('kiran').findLast(consentIn)
    if (!question) throw new Error('no question came')
    return question
  }

  test('is asked about first, by its name and size; the notification says neither (T18)', async () => {
    const { id, kiran, question } = await asked()
    expect(kiran.said()).toEqual(['I ask below where to put agents.csv.'])
    const [attachment] = question.activity.attachments as Json[]
    expect(attachment).toEqual({
      contentType: 'application/vnd.microsoft.teams.card.file.consent',
      name: 'agents.csv',
      content: {
        description: 'You asked for this file. It is put into your own OneDrive.',
        sizeInBytes: evidence.length,
        acceptContext: { file: id },
        declineContext: { file: id },
      },
    })
    expect(question.activity.summary).toBe('The file you asked for')
    // What was clicked stands as it stood.
    expect(words('kiran').some((one) => one.includes('You attested: Operates.'))).toBe(true)
  })

  test('accepted: it is put where Teams made room, in one piece and without our token; the question is gone', async () => {
    const { kiran, question } = await asked()
    const room = drive.room('agents.csv')
    expect((await consent(kiran, question, room)).status).toBe(200)
    await company.settled()
    expect([...drive.rooms.values()].map(String)).toEqual([String(evidence)])
    expect(drive.calls).toEqual([{ method: 'PUT', path: String(room.uploadUrl).slice(DRIVE.length) }])
    expect(words('kiran').at(-1)).toBe('info: agents.csv')
    expect(chat('kiran').at(-1)?.activity.attachments).toMatchObject([
      { contentUrl: room.contentUrl, content: { uniqueId: room.uniqueId, fileType: 'csv' } },
    ])
    expect(chat('kiran').some(consentIn)).toBe(false)
  })

  test('accepted twice, at once and later: it is put there once', async () => {
    const { kiran, question } = await asked()
    const room = drive.room('agents.csv')
    const answers = await Promise.all([consent(kiran, question, room), consent(kiran, question, room)])
    await company.settled()
    answers.push(await consent(kiran, question, drive.room('agents.csv')))
    await company.settled()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(drive.calls).toHaveLength(1)
    expect(words('kiran').filter((one) => one.startsWith('info'))).toHaveLength(1)
  })

  test('declined: nothing is put anywhere, and the way to the browser is shown', async () => {
    const { kiran, question } = await asked()
    await consent(kiran, question, undefined)
    await company.settled()
    expect(drive.calls).toEqual([])
    expect(chat('kiran').some(consentIn)).toBe(false)
    expect(words('kiran').at(-1)).toContain('All right, nothing was put into your OneDrive.')
    expect(JSON.stringify(chat('kiran').at(-1))).toContain(`${DESK}/enter/`)
  })

  test('T28 a session that expired, a redirect, a full OneDrive, one that wants more: the browser instead', async () => {
    const { kiran } = await asked()
    const troubles = [
      { status: 404 },
      { status: 302, location: '/drive/personal/elsewhere' },
      { status: 507 },
      { status: 202 },
    ]
    for (const [n, how] of troubles.entries()) {
      const question = n === 0 ? chat('kiran').findLast(consentIn) : await ask()
      await consent(kiran, question as Posted, drive.room('agents.csv', how))
      await company.settled()
      expect(words('kiran').at(-1)).toContain('Your OneDrive did not take agents.csv. Open it in the browser instead.')
      expect(JSON.stringify(chat('kiran').at(-1))).toContain(`${DESK}/enter/`)
      expect(chat('kiran').some(consentIn)).toBe(false)
    }
    // Nobody went where the redirect led.
    expect(drive.calls).toHaveLength(troubles.length)
  })

  test('T07 T28 room at an address that is none of OneDrive’s is no room: nothing is sent there', async () => {
    const { kiran } = await asked()
    const addresses = [
      'https://evil.example/upload',
      'http://contoso-my.sharepoint.com/personal/x',
      'https://contoso-my.sharepoint.com:8443/personal/x',
      'https://user:secret@contoso-my.sharepoint.com/personal/x',
      'https://sharepoint.com/personal/x',
      'https://evilsharepoint.com/personal/x',
      'https://contoso-my.sharepoint.com.evil.example/personal/x',
      'https://smba.trafficmanager.net/emea/v3/conversations',
      'https://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      'nonsense',
    ]
    const puts = () => company.standIn.calls.filter(({ method }) => method === 'PUT').length
    const before = puts()
    for (const [n, uploadUrl] of addresses.entries()) {
      const question = n === 0 ? chat('kiran').findLast(consentIn) : await ask()
      await consent(kiran, question as Posted, { ...drive.room('agents.csv'), uploadUrl })
      await company.settled()
      expect([drive.calls, company.standIn.strays], uploadUrl).toEqual([[], []])
      expect(words('kiran').at(-1), uploadUrl).toContain('Your OneDrive did not take agents.csv.')
    }
    expect(puts()).toBe(before)
  })

  test('T28 an address of the file that is none of OneDrive’s is not shown', async () => {
    const { kiran, question } = await asked()
    await consent(kiran, question, { ...drive.room('agents.csv'), contentUrl: 'https://evil.example/agents.csv' })
    await company.settled()
    expect(drive.rooms.size).toBe(1)
    expect(words('kiran').at(-1)).toContain('agents.csv is in your OneDrive now.')
    expect(JSON.stringify(chat('kiran'))).not.toContain('evil.example')
  })

  test('T10 T11 somebody else’s file in a forged answer, and one that never was: the same words, and nothing goes', async () => {
    const { id, question } = await asked()
    const omar = company.as('omar')
    for (const file of [id, 'fil_00000000000000000000000000', '../secrets', '']) {
      const before = chat('omar').length
      for (const room of [drive.room('agents.csv'), undefined]) {
        await consent(omar, { ...question, id: `forged-${file}-${room === undefined}` }, room, { file })
        await company.settled()
      }
      const said = words('omar').slice(before)
      expect(said).toHaveLength(2)
      for (const one of said) expect(one).toContain('This file is not yours, or it is no longer there.')
    }
    expect(drive.calls).toEqual([])
  })

  test('rights are read again when it is accepted: who left meanwhile gets nothing', async () => {
    const { kiran, question } = await asked()
    await company.world.leave('kiran')
    await consent(kiran, question, drive.room('agents.csv'))
    await company.settled()
    expect(drive.calls).toEqual([])
  })

  test('a question that Teams does not take becomes the way to the browser', async () => {
    const { kiran } = await asked()
    company.standIn.fail('send', { status: 400, code: 'BadSyntax' })
    await kiran.click(company.message('kiran', 'Open agents.csv'), 'Open agents.csv')
    await company.settled()
    expect(JSON.stringify(chat('kiran').at(-1))).toContain(`${DESK}/enter/`)
  })

  test('a fault of ours leaves the question, to be answered once more', async () => {
    const { kiran, question } = await asked()
    await company.world.owner`alter table attestation_file rename to away`
    expect((await consent(kiran, question, drive.room('agents.csv'))).status).toBe(500)
    await company.world.owner`alter table away rename to attestation_file`
    expect(chat('kiran').some(consentIn)).toBe(true)
    await consent(kiran, question, drive.room('agents.csv'))
    await company.settled()
    expect(drive.rooms.size).toBe(1)
  })
})

describe('files on their way', () => {
  const CARD = { title: 'The browser', blocks: [{ kind: 'text' as const, text: [{ text: 'A door.' }] }] }
  const FILE = 'fil_00000000000000000000000000'
  let scene: TeamsScene
  afterEach(() => scene.stop())

  async function given(size = 4, more: Parameters<typeof makeFakeCore>[1] = {}) {
    const stored = { type: 'text/plain', size: 4, name: 'a.txt', bytes: Buffer.from('abcd') }
    const handed = { card: CARD, file: { id: FILE, name: 'a.txt', size }, beside: true as const }
    const fake = makeFakeCore((turn) => (turn.do === 'home.inbox' ? { card: CARD } : handed), {
      file: async () => stored,
      ...more,
    })
    scene = await openTeamsScene(fake.core)
    scene.standIn.meet(MEI.id)
    return fake
  }
  const opener = {
    title: 'Receipt',
    blocks: [{ kind: 'buttons' as const, buttons: [{ label: 'Open', do: 'home.door' }] }],
  }
  const chat = () => scene.standIn.chat(MEI.id)

  async function posted(conversation = scene.standIn.personal(MEI.id)) {
    const { tenantId } = MEI
    const to = { tenant: tenantId, user: MEI.id, mri: MEI.mri, serviceUrl: scene.standIn.serviceUrl, conversation }
    await scene.platform.deliver(to, opener, undefined, 'opener')
    const found = scene.standIn.messages(conversation).at(-1)
    if (!found) throw new Error('nothing was posted')
    return found
  }

  test('T37 one that hangs is waited for a minute, and then it is the browser', async () => {
    await given()
    await scene.mei.click(await posted(), 'Open')
    await scene.settled()
    const question = chat().findLast(consentIn)
    const room = scene.standIn.drive.room('a.txt', { hang: true })
    const reached = scene.standIn.drive.reached(String(room.uploadUrl))
    const tooLate = scene.clock.armed(10_000)
    const answer = consent(scene.mei, question as Posted, room)
    await Promise.all([reached, tooLate])
    scene.clock.pass(10_000)
    // Teams has its answer in time; the file goes on.
    expect((await answer).status).toBe(200)
    scene.clock.pass(50_000)
    await scene.settled()
    expect(cardsOf(chat()).at(-1)).toContain('Your OneDrive did not take a.txt.')
  })

  test.each([
    ['larger than one piece', 60 * MB],
    ['empty', 0],
  ])('one that is %s is opened in the browser', async (_what, size) => {
    await given(size)
    await scene.mei.click(await posted(), 'Open')
    await scene.settled()
    expect(cardsOf(chat())).toEqual([expect.stringContaining('Receipt'), expect.stringContaining('A door.')])
  })

  test('T18 in a channel the door comes into our own conversation: others read along there, and a link opens a desk', async () => {
    await given()
    const room = '19:general@thread.tacv2'
    const before = cardsOf([await posted(room)])
    await scene.mei.click(await posted(room), 'Open')
    await scene.settled()
    expect(new Set(cardsOf(scene.standIn.messages(room)))).toEqual(new Set(before))
    expect(cardsOf(chat()).at(-1)).toContain('A door.')
    expect(chat().some(consentIn)).toBe(false)
  })

  test('T37 a download that hangs is given up after a minute, and said by its name', async () => {
    const { kept } = await given()
    const url = scene.standIn.drive.broken({ hang: true })
    const reached = scene.standIn.drive.reached(url)
    const sent = sendFiles(scene.mei, [{ name: 'slow.pdf', url }])
    await reached
    scene.clock.pass(60_000)
    expect((await sent).status).toBe(200)
    await scene.settled()
    expect(kept).toEqual([])
    expect(cardsOf(chat()).at(-1)).toContain('slow.pdf could not be fetched and was not taken.')
  })

  test.each([
    ['says so', {}],
    ['does not say so', { unmeasured: true as const }],
  ])('T37 more than 20 MB are cut while they come, by a store that %s', async (_what, how) => {
    const { kept } = await given()
    const url = scene.standIn.drive.file(Buffer.alloc(20 * MB + 1), how)
    const fits = scene.standIn.drive.file(Buffer.alloc(20 * MB), how)
    await sendFiles(scene.mei, [
      { name: 'huge.bin', url },
      { name: 'fits.bin', url: fits },
    ])
    await scene.settled()
    expect(kept.map(({ name, bytes }) => [name, bytes.length])).toEqual([['fits.bin', 20 * MB]])
    expect(cardsOf(chat()).at(-1)).toContain('huge.bin is larger than 20 MB and was not taken.')
  })

  test('two messages of one person are taken one after the other (T36)', async () => {
    let [going, most] = [0, 0]
    const keep = async () => {
      going++
      most = Math.max(most, going)
      await scene.standIn.fetch(scene.standIn.drive.file('wait'))
      going--
      return FILE
    }
    await given(4, { keep })
    const file = (n: number) => ({ name: `${n}.txt`, url: scene.standIn.drive.file(`${n}`) })
    await Promise.all([1, 2, 3].map((n) => sendFiles(scene.mei, [file(n), file(n * 10)])))
    await scene.settled()
    expect(most).toBe(1)
    expect(cardsOf(chat()).filter((one) => one.includes('Your files are here'))).toHaveLength(3)
  })
})

describe('a file that somebody sends', () => {
  let company: TeamsCompany
  let drive: Drive
  beforeEach(async () => {
    const stranger = userOf('stranger', 'A Stranger')
    company = await openTeamsCompany({
      seed: 'files in',
      workflows: [controls, policies, home],
      desk: DESK,
      outside: { stranger, fay: FEDERATED },
    })
    const { world } = company
    drive = company.standIn.drive
    await world.system((ctx) => importRegisters(ctx))
    await world.system((ctx) => importOwners(ctx, readOwners(`${OWNERS}${SECOND}`, 'en')))
    company.standIn.meet(company.user('kiran').id)
    await world.work()
    return company.close
  })

  const chat = (who: string) => company.standIn.chat(company.user(who).id)
  const words = (who: string) => cardsOf(chat(who))
  const send = async (who: string, files: { name: string; url: string }[], text?: string, more?: Json[]) => {
    const answer = await sendFiles(company.as(who), files, text, more)
    await company.settled()
    return answer
  }
  const uploads = () => company.world.db.select({ name: upload.name, personId: upload.personId }).from(upload)
  const inputIn = (card: Json | undefined, id: string) => inputsIn(card ?? {}).find((one) => one.id === id)

  test('is kept, said by its name and size, and offered by the next form: evidence without the browser', async () => {
    const answer = await send('kiran', [{ name: 'agents.csv', url: drive.file('machine,agent\n') }])
    expect(answer).toEqual({ status: 200, text: '' })
    expect(words('kiran').at(-1)).toContain('Your file is here')
    expect(words('kiran').at(-1)).toContain('agents.csv · 1 KB')
    expect(words('kiran').at(-1)).toContain('The next form that takes a file offers it, for one hour.')
    const [{ content } = {}] = (chat('kiran').at(-1)?.activity.attachments ?? []) as { content?: Json }[]
    expect(buttonsIn(content ?? {})).toEqual(['Inbox'])
    expect(drive.calls.map(({ method, bearer }) => [method, bearer])).toEqual([['GET', undefined]])

    const kiran = company.as('kiran')
    await kiran.click(company.message('kiran', 'Attest'), 'Attest')
    const [offered] = await company.world.core.uploads(company.world.as('kiran').actor)
    expect(inputIn(kiran.dialog()?.card, 'f.files')).toMatchObject({
      isMultiSelect: true,
      choices: [{ title: 'agents.csv (1 KB)', value: offered?.id }],
      value: offered?.id,
    })
    expect(readCard(kiran.dialog()?.card ?? {})).toContain('Send a file to me in our chat and open this again')
    await kiran.submit({ 'f.answer': 'operates', 'f.statement': 'All report.' })
    await company.settled()
    expect(await company.world.db.select().from(attestationFile)).toMatchObject([
      { fileId: offered?.id, name: 'agents.csv' },
    ])
    expect(company.message('kiran', 'Open agents.csv')).toBeDefined()
  })

  test('with nothing in it is not taken, and said so by its name', async () => {
    await send('kiran', [{ name: 'empty.txt', url: drive.file('') }])
    expect(words('kiran').at(-1)).toContain('This did not arrive')
    expect(words('kiran').at(-1)).toContain('empty.txt is empty and was not taken. Please send another file.')
    expect(await uploads()).toEqual([])
  })

  test('that a form took is offered to the next one, and not proposed: it is no evidence of another duty by itself', async () => {
    await send('kiran', [{ name: 'agents.csv', url: drive.file('machine,agent\n') }])
    const kiran = company.as('kiran')
    const files = () => inputIn(kiran.dialog()?.card, 'f.files')
    const attest = () => kiran.click(company.message('kiran', 'Attest'), 'Attest')
    await attest()
    expect(files()?.value).toBeDefined()
    await kiran.submit({ 'f.answer': 'operates', 'f.statement': 'All report.' })
    await company.settled()
    await attest()
    expect(files()).toMatchObject({ choices: [{ title: 'agents.csv (1 KB)' }] })
    expect(files()?.value).toBeUndefined()
  })

  test('a choice that was taken back stays so when the form comes back for something else', async () => {
    await send('kiran', [{ name: 'agents.csv', url: drive.file('machine,agent\n') }])
    const kiran = company.as('kiran')
    await kiran.click(company.message('kiran', 'Attest'), 'Attest')
    await kiran.submit({ 'f.answer': 'operates', 'f.statement': '   ', 'f.files': [] })
    expect(inputIn(kiran.dialog()?.card, 'f.files')?.value).toBeUndefined()
    expect(readCard(kiran.dialog()?.card ?? {})).toContain('This is needed.')
  })

  test('a form without anything sent says how to send it; its error stands there', async () => {
    const kiran = company.as('kiran')
    await kiran.click(company.message('kiran', 'Attest'), 'Attest')
    expect(inputIn(kiran.dialog()?.card, 'f.files')).toBeUndefined()
    expect(readCard(kiran.dialog()?.card ?? {})).toContain(
      'Evidence: Send a file to me in our chat and open this again: it is offered here. Or use the browser.',
    )
    const mei = company.as('mei')
    await mei.say('policies')
    await company.settled()
    await mei.click(company.message('mei', 'All policies'), 'All policies')
    await company.settled()
    await mei.click(company.message('mei', 'Import'), 'Import')
    await mei.submit({})
    expect(readCard(mei.dialog()?.card ?? {})).toContain('Please correct: This is needed.')
  })

  test('two files become a policy, in the order in which they were sent: the PDF, and then its facts', async () => {
    const facts =
      'code: labs\ntitle: Labs\nversion: "1.0"\nowner: dora@example.com\napproved_by: cleo@example.com\napproved_on: 2026-11-01\neffective_from: 2026-11-01\naudience: everyone\nsummary: Short.\n'
    const mei = company.as('mei')
    await send('mei', [{ name: 'labs.pdf', url: drive.file('%PDF-1.5 labs') }])
    await company.world.pass('1 minute')
    await send('mei', [{ name: 'labs.yaml', url: drive.file(facts) }])
    await mei.say('policies')
    await company.settled()
    await mei.click(company.message('mei', 'All policies'), 'All policies')
    await company.settled()
    await mei.click(company.message('mei', 'Import'), 'Import')
    await mei.submit({})
    await company.settled()
    expect(
      await company.world.db.select({ title: policyVersion.title, format: policyVersion.format }).from(policyVersion),
    ).toEqual([{ title: 'Labs', format: 'pdf' }])
  })

  test('words beside it are done as usual, after it was kept; words that are no command are about the file', async () => {
    await send('kiran', [{ name: 'a.txt', url: drive.file('a') }], 'help')
    expect(words('kiran').at(-2)).toContain('Your file is here')
    expect(words('kiran').at(-1)).toContain('Help')
    const before = chat('kiran').length
    await send('kiran', [{ name: 'b.txt', url: drive.file('b') }], 'here you are')
    expect(words('kiran').slice(before)).toEqual([expect.stringContaining('Your file is here')])
  })

  test('T07 T28 from an address that is none of OneDrive’s nothing is fetched, and the file is named', async () => {
    const addresses = [
      'https://evil.example/file',
      'http://contoso-my.sharepoint.com/personal/x',
      'https://contoso-my.sharepoint.com:444/x',
      'https://a.b.sharepoint.com.evil.example/x',
      'https://evilsharepoint.com/x',
      'https://127.0.0.1/x',
      'https://smba.trafficmanager.net/emea/v3/attachments/1/views/original',
      '',
    ]
    for (const url of addresses) {
      await send('kiran', [{ name: 'agents.csv', url }])
      expect([drive.calls, company.standIn.strays, await uploads()], url).toEqual([[], [], []])
      expect(words('kiran').at(-1), url).toContain('This did not arrive')
      expect(words('kiran').at(-1), url).toContain('agents.csv could not be fetched and was not taken.')
    }
    expect(company.standIn.calls.some(({ path }) => path.includes('attachments'))).toBe(false)
  })

  test('T28 a redirect, an address that expired, a file that was deleted: said by its name; the others arrive', async () => {
    const troubles = [{ status: 302, location: '/drive/personal/elsewhere' }, { status: 401 }, { status: 404 }]
    for (const [n, how] of troubles.entries()) {
      await send('kiran', [
        { name: 'gone.txt', url: drive.broken(how) },
        { name: `there-${n}.txt`, url: drive.file(`there ${n}`) },
      ])
      expect(drive.calls).toHaveLength(2 * (n + 1))
      expect(words('kiran').at(-1)).toContain('gone.txt could not be fetched and was not taken.')
      expect(words('kiran').at(-1)).toContain(`there-${n}.txt · 1 KB`)
    }
    expect((await uploads()).map(({ name }) => name).sort()).toEqual(['there-0.txt', 'there-1.txt', 'there-2.txt'])
  })

  test('T30 neither an address nor a name stands in the log', async () => {
    await send('kiran', [{ name: 'secret-plan.txt', url: drive.broken({ status: 401 }) }])
    expect(company.lines.some((line) => line.includes('teams.file'))).toBe(true)
    expect(company.lines.join('\n')).not.toMatch(/tempauth|sharepoint|secret-plan/)
  })

  test('the same file twice is one; the name says what it was called last, and never where it lies (T27)', async () => {
    await send('kiran', [
      { name: 'a.txt', url: drive.file('same') },
      { name: '..\\..\\<b>.txt', url: drive.file('same') },
    ])
    expect(await uploads()).toEqual([{ name: '_b_.txt', personId: company.world.person('kiran').id }])
    await send('kiran', [{ name: 'c.txt', url: drive.file('same') }])
    expect((await uploads()).map(({ name }) => name)).toEqual(['c.txt'])
  })

  test('a message that is delivered twice is taken once; of more than ten files ten are (T36)', async () => {
    const many = Array.from({ length: 11 }, (_, n) => ({ name: `${n}.txt`, url: drive.file(`${n}`) }))
    await send('kiran', many)
    await company.as('kiran').again()
    await company.settled()
    expect(drive.calls).toHaveLength(10)
    expect(await uploads()).toHaveLength(10)
    expect(words('kiran').filter((one) => one.includes('Your files are here'))).toHaveLength(1)
    expect(words('kiran').at(-1)).toContain('Only the first 10 were taken.')
  })

  test('of more files than a form offers the newest are offered, and the form says so', async () => {
    const kiran = company.as('kiran')
    const names = Array.from({ length: 11 }, (_, n) => `${n}.txt`)
    const opened = async () => {
      await kiran.click(company.message('kiran', 'Attest'), 'Attest')
      return readCard(kiran.dialog()?.card ?? {})
    }
    await send('kiran', [{ name: names[0] ?? '', url: drive.file('0') }])
    expect(await opened()).not.toContain('Only the newest')
    await company.world.pass('1 minute')
    await send(
      'kiran',
      names.slice(1).map((name) => ({ name, url: drive.file(name) })),
    )
    const form = await opened()
    expect(form).toContain('Only the newest 10 are offered here: send an older one again. Or use the browser.')
    expect(inputIn(kiran.dialog()?.card, 'f.files')?.choices).toHaveLength(10)
    expect(JSON.stringify(inputIn(kiran.dialog()?.card, 'f.files'))).not.toContain('"0.txt')
  })

  test('a picture that stands in the text is asked for as a file: our token fetches nothing', async () => {
    const contentUrl = `${company.standIn.serviceUrl}v3/attachments/0/views/original`
    await send('kiran', [], '', [{ contentType: 'image/png', contentUrl, name: 'image.png' }])
    expect(words('kiran').at(-1)).toContain('A picture that stands in the text cannot be fetched.')
    expect(company.standIn.calls.some(({ path }) => path.includes('attachments'))).toBe(false)
  })

  test('T14 T15 T17 of people who are not ours nothing is fetched', async () => {
    const file = { name: 'a.txt', url: drive.file('a') }
    await company.world.leave('kiran')
    await send('kiran', [file])
    await send('stranger', [file], 'inbox')
    await send('fay', [file])
    expect(drive.calls).toEqual([])
    expect(await uploads()).toEqual([])
    expect(words('kiran').at(-1)).toContain('Your account is not active here any more')
    expect(chat('stranger').length).toBeLessThanOrEqual(1)
  })

  test('in a channel files are none of ours: the words are answered as ever', async () => {
    const kiran = company.as('kiran')
    const room = {
      isGroup: true,
      conversationType: 'channel',
      tenantId: company.user('kiran').tenantId,
      id: '19:x@thread.tacv2',
    }
    const content = { downloadUrl: drive.file('a'), uniqueId: '1', fileType: 'txt' }
    const attachments = [{ contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'a.txt', content }]
    await kiran.send({ ...kiran.common(room), type: 'message', text: 'help', attachments })
    await company.settled()
    expect(drive.calls).toEqual([])
    expect(words('kiran').at(-1)).toContain('Help')
  })

  test('T37 attachments of a wrong shape are refused or left, and nothing breaks', async () => {
    const kiran = company.as('kiran')
    const download = 'application/vnd.microsoft.teams.file.download.info'
    const shapes: [unknown, number][] = [
      ['x', 400],
      [Array(101).fill({ contentType: 'text/html' }), 400],
      [[{ contentType: download, name: 'n'.repeat(1001), content: {} }], 400],
      [[{ contentType: download, content: null }], 200],
      [[{ contentType: download, name: null, content: { downloadUrl: ['x'] } }], 200],
      [[{}], 200],
    ]
    for (const [attachments, status] of shapes)
      expect((await kiran.send({ ...kiran.common(), type: 'message', text: '', attachments } as Json)).status).toBe(
        status,
      )
    await company.settled()
    expect(drive.calls).toEqual([])
  })
})
