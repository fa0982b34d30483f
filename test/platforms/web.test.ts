import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandOf } from '../../adapters/web/act.ts'
import { LARGEST_UPLOAD } from '../../adapters/web/limits.ts'
import { spokenIn } from '../../adapters/web/text.ts'
import { readUpload } from '../../adapters/web/uploads.ts'
import { fileName } from '../../src/core/file-name.ts'
import { makeClient } from './desk-client.ts'
import { ADA, MEI, makeDemo, type Running, serveDesk } from './desk-server.ts'

let clock: ReturnType<typeof makeDemo>
let desk: Running
beforeEach(async () => {
  clock = makeDemo()
  desk = await serveDesk({ demo: clock })
})
afterEach(() => desk.close())

async function sitting(path = '/') {
  const client = makeClient(desk)
  const page = await client.open(path)
  return { client, page }
}

const parts = { 'desk-part': '1' }

describe('the desk', () => {
  test('shows the seat, its chat, the picture of the lead, the path, the clock and the looks', async () => {
    const { page } = await sitting()
    for (const words of [
      'Demo. Nothing leaves this computer.',
      'Ada Example',
      'Acceptable Use, version 3',
      'As Mei Invented sees it',
      '87 of 118',
      'Next day',
      '0 of 5 done',
      'Slack look',
    ])
      expect(page.text).toContain(words)
    expect(page.text.indexOf('I never ask for passwords')).toBeLessThan(page.text.indexOf('personal AI accounts'))
  })

  test('times are those of the seat, days stand between messages', async () => {
    const { page } = await sitting()
    expect(page.text).toMatch(/Fri 20 November.*16:12.*Mon 23 November.*10:00/s)
  })

  test('"next day" moves the clock, and a foreign number of days does not', async () => {
    const { client } = await sitting()
    expect((await client.post('/demo/next', { days: '3' })).headers.location).toBe('/')
    expect((await client.open('/')).text).toContain('Thu 26 November')
    for (const days of ['0', '-1', '1.5', 'x', '400'])
      expect((await client.post('/demo/next', { days })).status).toBe(400)
    expect(clock.days).toBe(3)
    await client.post('/demo/reset', {})
    expect(clock.days).toBe(0)
  })

  test('one sits at any seat of the company and at no other', async () => {
    const { client } = await sitting()
    await client.post('/seat', { person: MEI, to: '/card/home.dashboard' })
    expect((await client.ask('/')).text).toContain('Nothing has been sent here yet')
    expect((await client.post('/seat', { person: 'per_nobody' })).status).toBe(404)
    expect((await client.post('/seat', { person: MEI, to: 'https://evil.example' })).headers.location).toBe('/')
  })

  test("the lead's picture only shows: its links lead on, and nobody acts as somebody else", async () => {
    const { client, page } = await sitting()
    expect(page.text).toContain('href="/card/policies.policy/pov_1"')
    expect(page.text).toContain('Sit at Mei Invented&#39;s seat to act')
    expect(page.text).not.toContain('policies.remind')
    await client.post('/do', { do: 'policies.remind', key: 'k', seat: MEI })
    expect(desk.core.turns.at(-1)?.by.user).toBe(ADA)
    await client.post('/seat', { person: MEI })
    const own = await client.ask('/')
    expect(own.text).toContain('policies.remind')
    expect(own.text).not.toContain('seat to act')
  })

  test('the page says which language it is in: that of its words, which is not always that of the reader', async () => {
    const { client } = await sitting()
    await client.post('/seat', { person: 'per_00000000000000000000000007' })
    const page = await client.ask('/')
    expect(page.text).toContain('Omar Sample')
    expect(page.text).toContain('<html lang="en">')
    expect(['en', 'en-GB', 'zh', 'en-XA'].map(spokenIn)).toEqual(['en', 'en', 'en', 'en-XA'])
  })

  test('the look is remembered', async () => {
    const { client } = await sitting()
    await client.post('/look', { look: 'teams', to: '/' })
    expect((await client.ask('/')).text).toContain('data-look="teams"')
  })
})

describe('a click', () => {
  test('without a script: form, answer page, and reloading repeats nothing', async () => {
    const { client } = await sitting()
    const opened = await client.post('/do', {
      do: 'policies.acknowledge',
      id: 'asg_1',
      shown: 'v3',
      key: 'open',
      back: '/',
    })
    expect(opened.text).toContain('I have read version 3 and will follow it')
    const done = await client.post('/do', {
      do: 'policies.acknowledge',
      id: 'asg_1',
      shown: 'v3',
      key: 'once',
      form: '1',
      back: '/',
    })
    expect(done.status).toBe(303)
    const turns = desk.core.turns.length
    const answer = await client.ask(done.headers.location ?? '')
    expect(answer.text).toContain('Receipt')
    expect(answer.text).toContain('<a href="/">Back to the desk</a>')
    await client.ask(done.headers.location ?? '')
    expect(desk.core.turns).toHaveLength(turns)
    expect(desk.core.turns.at(-1)).toMatchObject({
      do: 'policies.acknowledge',
      id: 'asg_1',
      shown: 'v3',
      entries: {},
      origin: 'web',
    })
  })

  test('sent twice it is one turn; other answers from the same form are another', async () => {
    const { client } = await sitting()
    const form = { do: 'incidents.report', key: 'same', form: '1' }
    await client.post('/do', { ...form, e_what: 'lost laptop' })
    await client.post('/do', { ...form, e_what: 'lost laptop' })
    await client.post('/do', { ...form, e_what: 'lost laptop in a taxi' })
    const keys = desk.core.turns.slice(-3).map((turn) => turn.key)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
    expect(keys[0]).toContain(ADA)
  })

  test('carries the message it stands in, so that the card is answered in place', async () => {
    const { client, page } = await sitting()
    expect(page.text).toContain('name="anchor" value="key-msg_2"')
    await client.post('/do', { do: 'policies.acknowledge', key: 'in-place', anchor: 'key-msg_2', form: '1' })
    expect(desk.core.turns.at(-1)?.anchor).toEqual({ key: 'key-msg_2' })
    expect((await client.ask('/')).text).toContain('A-10293')
  })

  test('with a script only the parts come back', async () => {
    const { client } = await sitting()
    const part = await client.post('/do', { do: 'access.keep', key: 'part' }, parts)
    expect(part.text).toContain('data-part="card"')
    expect(part.text).not.toContain('<html')
    const refused = await client.post('/do', { do: 'home.nothing', key: 'part' }, parts)
    expect(refused.text).toContain('data-part="say"')
  })

  test('a form that needs corrections comes back with what was typed', async () => {
    const { client } = await sitting()
    const answer = await client.post('/do', {
      do: 'incidents.report',
      key: 'k',
      form: '1',
      e_what: ' ',
      e_ongoing: 'no',
      e_seen: 'yesterday',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Needs a correction: Report something')
    expect(answer.text).toContain('2 answers need a correction')
    expect(answer.text).toContain('value="yesterday"')
    expect(answer.text).toMatch(/value="no" checked/)
  })

  test('without a script a person is found with the search button', async () => {
    const { client } = await sitting()
    const answer = await client.post('/do', {
      do: 'incidents.report',
      key: 'k',
      form: '1',
      e_what: 'typed before',
      q_who: 'in',
      search: 'who',
    })
    expect(answer.text).toContain('typed before')
    expect(answer.text).toMatch(/<option value="per_0+2">Ines Fictional · Security<\/option>/)
    const options = await client.ask('/options?field=person&q=ing')
    expect(JSON.parse(options.text)).toEqual([
      { value: 'per_00000000000000000000000003', label: 'Ingrid Invented', hint: 'Games' },
    ])
  })

  test.each(['', 'nothing', 'a.b.c', '__proto__.x', 'a.b; drop'])('to do %j is refused in a sentence', async (what) => {
    const { client } = await sitting()
    expect((await client.post('/do', { do: what, key: 'k' })).status).toBe(400)
  })

  test('field names cannot reach what is not a field', async () => {
    const { client } = await sitting()
    await client.post('/do', { do: 'incidents.report', key: 'k', form: '1', e___proto__: 'x', e_what: 'y' })
    expect(desk.core.turns.at(-1)?.entries?.what).toBe('y')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('a line in the chat', () => {
  const found = (line: string) => {
    const command = commandOf(desk.core.commands, line)
    return command && [command.command.do, command.text]
  }
  test.each([
    ['/isms', ['home.inbox', '']],
    ['/isms policies', ['policies.mine', '']],
    ['/ISMS  Status  all of it', ['home.status', 'all of it']],
    ['/isms whatever is this', ['home.help', 'whatever is this']],
    ['/incident lost laptop\nin taxi', ['incidents.report', 'lost laptop\nin taxi']],
    ['hello', undefined],
    ['/unknown', undefined],
  ])('%j', (line, expected) => expect(found(line)).toEqual(expected))

  test('only what this person may use is listed', async () => {
    const { client, page } = await sitting()
    expect(page.text).toContain('<code>/isms policies</code>')
    expect(page.text).not.toContain('/isms record')
    await client.post('/seat', { person: MEI })
    expect((await client.ask('/')).text.match(/\/isms record/g)).toHaveLength(2)
  })

  test('opens the form with what was typed, as a command', async () => {
    const { client } = await sitting()
    const answer = await client.post('/say', { line: '/incident lost <laptop>', key: 'k' })
    expect(answer.text).toContain('lost &lt;laptop&gt;</textarea>')
    expect(desk.core.turns.at(-1)).toMatchObject({
      do: 'incidents.report',
      with: { text: 'lost <laptop>' },
      origin: 'command',
    })
    expect((await client.post('/say', { line: 'hello', key: 'k' }, parts)).text).toContain('Type /isms')
  })
})

describe('uploads', () => {
  const multipart = (
    client: { csrf: string },
    files: [string, string | Buffer][],
    fields: Record<string, string> = {},
    field = 'e_proof',
  ) => {
    const pairs = Object.entries({ csrf: client.csrf, do: 'incidents.report', key: 'up', form: '1', ...fields })
    const head = pairs.map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const rest = files.flatMap(([name, bytes]) => [
      Buffer.from(
        `--x\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`,
      ),
      Buffer.from(bytes),
      Buffer.from('\r\n'),
    ])
    const body = Buffer.concat([Buffer.from(head.join('')), ...rest, Buffer.from('--x--\r\n')])
    return { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body }
  }

  test('a file goes to the core and its id into the answers; a correction keeps it', async () => {
    const { client } = await sitting()
    await client.ask('/do', multipart(client, [['a.png', 'bytes']], { e_what: 'see picture' }))
    expect(desk.core.kept.at(-1)).toMatchObject({
      type: 'image/png',
      bytes: Buffer.from('bytes'),
      name: 'a.png',
    })
    expect(desk.core.turns.at(-1)?.entries).toMatchObject({
      what: 'see picture',
      proof: 'fil_00000000000000000000000000',
    })
    const wrong = await client.ask('/do', multipart(client, [['<b>.png', 'bytes']]))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Attached: _b_.png')
    expect(wrong.text).toContain('value="fil_00000000000000000000000000" checked')
  })

  test('a field of one file: another file takes the place of the one that was kept, and none leaves it', async () => {
    const { client } = await sitting()
    const importing = { do: 'access.import', n_fil_00000000000000000000000000: 'a.csv' }
    const wrong = await client.ask('/do', multipart(client, [['a.csv', 'bytes']], importing, 'e_file'))
    expect(wrong.text).toContain('Attached: a.csv. Another file takes its place.')
    expect(wrong.text).toContain('name="k_file" value="fil_00000000000000000000000000" checked')
    const kept = { ...importing, e_system: 'crm', k_file: 'fil_00000000000000000000000000' }
    await client.ask('/do', multipart(client, [['b.csv', 'another']], kept, 'e_file'))
    expect(desk.core.turns.at(-1)?.entries).toEqual({ system: 'crm', file: 'fil_00000000000000000000000002' })
    await client.ask('/do', multipart(client, [], { ...kept, key: 'kept' }))
    expect(desk.core.turns.at(-1)?.entries).toEqual({ system: 'crm', file: 'fil_00000000000000000000000000' })
  })

  const MB = 1024 * 1024
  const REST = 'The rest of the form is as you left it.'
  const done = () => desk.core.turns.filter((turn) => turn.entries)
  const kept = () => desk.core.kept.map(({ bytes }) => bytes.length)
  const errorIn = (page: string) => /id="f-proof-error">.*?<\/span>(.*?)<\/p>/.exec(page)?.[1]

  test('T27 a file that is too large is refused at its field: it is not stored, and nothing else is lost', async () => {
    const { client } = await sitting()
    const files: [string, Buffer][] = [
      ['fits.bin', Buffer.alloc(20 * MB)],
      ['huge.bin', Buffer.alloc(20 * MB + 1)],
      ['small.txt', Buffer.from('another')],
    ]
    const sent = multipart(client, files, { e_what: 'a lost <laptop>' })
    const after = '--x\r\nContent-Disposition: form-data; name="e_seen"\r\n\r\n2026-11-20\r\n--x--\r\n'
    const body = Buffer.concat([sent.body.subarray(0, -'--x--\r\n'.length), Buffer.from(after)])
    const answer = await client.ask('/do', { ...sent, body })
    expect(answer.status).toBe(422)
    expect(errorIn(answer.text)).toBe(`huge.bin is larger than 20 MB: choose a smaller one. ${REST}`)
    for (const words of ['a lost &lt;laptop&gt;', 'value="2026-11-20"', 'Attached: fits.bin', 'Attached: small.txt'])
      expect(answer.text).toContain(words)
    expect(answer.text).not.toContain('Attached: huge.bin')
    expect([kept(), done()]).toEqual([[20 * MB, 7], []])
  })

  test('T27 more files than may come: the first ten are kept, and the field says what was left out', async () => {
    const { client } = await sitting()
    const files = Array.from({ length: 11 }, (_, n): [string, string] => [`${n}.txt`, 'x'])
    const answer = await client.ask('/do', multipart(client, files, { e_what: 'eleven' }))
    expect([answer.status, errorIn(answer.text)]).toEqual([
      422,
      `At most 10 files at a time: 10.txt was left out. ${REST}`,
    ])
    expect(answer.text).toContain('eleven')
    expect([kept().length, done()]).toEqual([10, []])
    const many = Array.from({ length: 101 }, (_, n): [string, string] => [`${n}.txt`, 'x'])
    expect((await client.ask('/do', multipart(client, many))).status).toBe(413)
  })

  test('an empty file is refused at its field, also beside a search', async () => {
    const { client } = await sitting()
    const fields = { e_what: 'see file', e_how: 'x' }
    const searching: Record<string, string> = { search: 'who', q_who: 'omar' }
    for (const more of [{}, searching]) {
      const answer = await client.ask('/do', multipart(client, [['empty.txt', '']], { ...fields, ...more }))
      expect([answer.status, errorIn(answer.text)]).toEqual([422, 'empty.txt is empty: choose another file.'])
      expect(answer.text).toContain('see file')
    }
    expect([kept(), done()]).toEqual([[], []])
  })

  test('a name comes back as it was before the browser escaped it: a quote, the ends of a line, and nothing else', async () => {
    const { client } = await sitting()
    const names = ['a%22b.png', 'c%0D%0Ad.png', '100%25 %2F %2e.png']
    await client.ask(
      '/do',
      multipart(
        client,
        names.map((name) => [name, 'x']),
      ),
    )
    expect(desk.core.kept).toMatchObject(
      ['a"b.png', 'c\r\nd.png', '100%25 %2F %2e.png'].map((name) => ({ name: fileName(name) })),
    )
  })

  test('T37 a body above the whole limit is refused before it is read, or as soon as it is', async () => {
    const type = { 'content-type': 'multipart/form-data; boundary=x' }
    const read = (body: Iterable<Buffer>, headers = {}) =>
      readUpload(
        Object.assign(Readable.from(body), { headers: { ...type, ...headers } }),
        async () => 'never',
        () => undefined,
      )
    const declared = read([], { 'content-length': `${LARGEST_UPLOAD + 1}` })
    await expect(declared).rejects.toMatchObject({ broken: 'upload too large' })
    function* endless() {
      yield Buffer.from('--x\r\nContent-Disposition: form-data; name="e_proof"; filename="a"\r\n\r\n')
      const chunk = Buffer.alloc(MB)
      for (let sent = 0; sent <= LARGEST_UPLOAD; sent += MB) yield chunk
    }
    await expect(read(endless())).rejects.toMatchObject({ broken: 'upload too large' })
  })

  test('T27 broken or too long: one sentence, and no turn', async () => {
    const { client } = await sitting()
    const turns = desk.core.turns.length
    const cut = multipart(client, [['a.txt', 'x']])
    expect((await client.ask('/do', { ...cut, body: cut.body.subarray(0, -20) })).status).toBe(400)
    expect((await client.ask('/do', { ...cut, headers: { 'content-type': 'multipart/form-data' } })).status).toBe(400)
    expect(
      (await client.ask('/do', { ...cut, headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    ).toBe(400)
    expect((await client.post('/do', { do: 'incidents.report', key: 'k', e_what: 'x'.repeat(300_000) })).status).toBe(
      413,
    )
    expect(desk.core.turns).toHaveLength(turns)
  })

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['.htaccess', 'htaccess'],
    ['a\u202Egnp.exe', 'agnp.exe'],
    ['nul\u0000.txt', 'nul.txt'],
    ['', 'file'],
    [`${'é'.repeat(200)}.png`, `${'é'.repeat(116)}.png`],
  ])('the name %j is shown as %j', (given, shown) => expect(fileName(given)).toBe(shown))
})

test('open pages are told that something changed, and nothing more', async () => {
  const { client } = await sitting()
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const stream = await fetch(`${desk.base}/live`, { headers: { cookie } })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('retry')
  await desk.platform.deliver({}, { title: 'Canary secret', blocks: [] }, undefined, 'k')
  expect((await reader?.read())?.value).toBe('event: changed\ndata: 1\n\n')
  await reader?.cancel()
})
