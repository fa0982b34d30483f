import { afterAll, describe, expect, test } from 'vitest'
import { accountChanged } from '../../src/core/introduce.ts'
import { makeClient } from '../platforms/desk-client.ts'
import { register } from '../support/access.ts'
import { imported, launch } from '../support/policies.ts'
import { openCompany, signIn } from './company.ts'
import { stateOf } from './loop.ts'

const company = await openCompany({ seed: 'browser threats' })
afterAll(() => company.close())
const { world, address } = company
const version = await imported(world)
await launch(world, version)
await register(world)

const fieldOf = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
const requestOf = async (who: string) => {
  const [row] = await world.sql<{ id: string }[]>`select id from assignment where person_id = ${world.person(who).id}`
  return row?.id ?? ''
}
const acknowledged = async () => (await world.sql`select 1 from acknowledgement`).length

describe('T42 a session', () => {
  test('T44 the link works once, for ten minutes, for its person; its entry is only its hash', async () => {
    const link = await company.link('omar')
    const stored = await world.sql`select * from link`
    expect(JSON.stringify(stored)).not.toContain(link.split('/').at(-1))
    const thief = company.browser()
    expect((await company.browser().post(link, {})).status).toBe(303)
    expect((await thief.post(link, {})).status).toBe(403)
    expect(thief.cookies.size).toBe(0)
    const late = await company.link('omar')
    await world.pass('601 seconds')
    expect((await company.browser().post(late, {})).status).toBe(403)
    const both = await company.link('omar')
    const answers = await Promise.all([1, 2, 3].map(() => company.browser().post(both, {})))
    expect(answers.map((one) => one.status).sort()).toEqual([303, 403, 403])
    // Whoever opens another's link sits at that person's seat and not at their own: the link names the person.
    const omar = await signIn(company, 'omar')
    expect((await omar.open('/')).text).toContain('Omar Haddad')
    expect((await omar.open(`/card/policies.request/${await requestOf('lena')}`)).status).toBe(404)
  })

  test('ends with signing out, after eight hours, and at once when the person leaves; the cookie alone is worth nothing then', async () => {
    const [left, old, gone] = await Promise.all(['omar', 'kiran', 'sol'].map((who) => signIn(company, who)))
    if (!left || !old || !gone) throw new Error('three browsers')
    const kept = new Map(left.cookies)
    await left.post('/leave', {})
    for (const [name, value] of kept) left.cookies.set(name, value)
    expect((await left.ask('/')).status).toBe(401)
    await world.leave('sol')
    expect((await gone.ask('/card/home.inbox')).status).toBe(401)
    expect((await gone.post('/do', { do: 'incidents.report', key: 'k', form: '1', e_what: 'x' })).status).toBe(401)
    await world.db.execute('update person set state = $$active$$ where email = $$sol@example.com$$')
    await world.pass('8 hours')
    expect((await old.ask('/')).status).toBe(401)
    expect(JSON.stringify(await world.sql`select * from session`)).not.toContain([...kept.values()][0])
  })

  test('T14 T17 ends when the chat says that the account is switched off or a guest’s; a guest is one in the browser too', async () => {
    const inChat = (standing: 'member' | 'guest' | 'deleted', who = 'mei') =>
      accountChanged(world.deps, world.as(who).actor, { name: who, standing })
    const before = await signIn(company, 'mei')
    expect((await before.ask('/card/home.dashboard')).status).toBe(200)
    const unused = await company.link('mei')
    await inChat('guest')
    expect((await before.ask('/')).status).toBe(401)
    expect((await company.browser().post(unused, {})).status).toBe(403)
    const guest = await signIn(company, 'mei')
    expect((await guest.ask('/card/home.inbox')).status).toBe(200)
    expect((await guest.ask('/card/home.dashboard')).status).toBe(404)
    await inChat('member')
    expect((await (await signIn(company, 'mei')).ask('/card/home.dashboard')).status).toBe(200)
    const cleo = await signIn(company, 'cleo')
    await inChat('deleted', 'cleo')
    expect((await cleo.ask('/')).status).toBe(401)
  })

  test('cross-site posts, missing, foreign and made-up tokens change nothing', async () => {
    const [omar, ravi] = [await signIn(company, 'omar'), await signIn(company, 'ravi')]
    const before = await stateOf(world)
    const click = { do: 'policies.acknowledge', key: 'k', form: '1', id: await requestOf('omar') }
    const tries: [Record<string, string>, Record<string, string>][] = [
      [{ csrf: '' }, {}],
      [{ csrf: 'x'.repeat(43) }, {}],
      [{ csrf: ravi.csrf }, {}],
      [{}, { 'sec-fetch-site': 'cross-site' }],
      [{}, { origin: 'https://evil.example' }],
    ]
    for (const [fields, headers] of tries) {
      const answer = await omar.post('/do', { ...click, ...fields }, headers)
      expect(answer.status).toBe(403)
    }
    for (const path of ['/do', '/say', '/leave', '/seat', '/demo/next']) expect((await omar.ask(path)).status).toBe(405)
    expect(await stateOf(world)).toEqual(before)
    expect((await omar.ask('/card/home.inbox')).status).toBe(200)
  })
})

describe('T10 what a browser may send', () => {
  test('another’s request, another person in the form, a made-up key: the session alone says who acts', async () => {
    const kiran = await signIn(company, 'kiran')
    const before = await acknowledged()
    const theirs = { do: 'policies.acknowledge', form: '1', id: await requestOf('omar') }
    const claims: Record<string, string>[] = [
      {},
      { by: world.person('omar').id, user: 'omar', person: world.person('omar').id, tenant: 'x' },
    ]
    for (const more of claims) {
      const answer = await kiran.post('/do', { ...theirs, ...more, key: 'kk' })
      const said = await kiran.ask(answer.headers.location ?? '/')
      expect(said.text).toContain('not yours')
    }
    expect(await acknowledged()).toBe(before)
  })

  test('T44 T34 the message that a click says it stood in must be one of that person’s own', async () => {
    const lena = await signIn(company, 'lena')
    const shown = () => world.sql`select message_id, shown from delivery order by 1`
    const before = await shown()
    const anchors = await world.sql<{ nonce: string }[]>`select nonce from delivery`
    for (const { nonce } of anchors)
      await lena.post('/do', { do: 'policies.later', key: nonce, id: await requestOf('lena'), anchor: nonce })
    expect(await shown()).toEqual(before)
  })
})

describe('T37 T38 what is too much, too deep or too clever', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const quick = async (work: () => Promise<{ status: number }>, status: number[]) => {
    const begun = performance.now()
    expect(status).toContain((await work()).status)
    expect(performance.now() - begun).toBeLessThan(2000)
  }

  test('a megabyte, a thousand fields, other types and broken bodies are 4xx and quick', async () => {
    const omar = await signIn(company, 'omar')
    const send =
      (body: string | Buffer, headers: Record<string, string> = form) =>
      () =>
        omar.ask('/do', { method: 'POST', body, headers })
    const csrf = `csrf=${omar.csrf}`
    await quick(send(`${csrf}&do=incidents.report&e_what=${'a'.repeat(1_000_000)}`), [413])
    await quick(send(`${csrf}&${Array.from({ length: 1000 }, (_, n) => `e_${n}=x`).join('&')}`), [413])
    await quick(send(`${csrf}&do=incidents.report&with_x=${encodeURIComponent('['.repeat(80_000))}`), [200, 303])
    await quick(send('['.repeat(500_000), { 'content-type': 'application/json' }), [400, 413])
    await quick(send(Buffer.from([0xff, 0xfe, 0x00]), { 'content-type': 'text/plain' }), [400])
    await quick(send('--x\r\nbroken', { 'content-type': 'multipart/form-data; boundary=x' }), [400, 403])
    await quick(send('x', { 'content-type': 'multipart/form-data' }), [400])
    for (const path of [
      `/card/${'a.'.repeat(20_000)}`,
      `/options?field=person&q=${'%25'.repeat(5000)}`,
      `/file/${'a'.repeat(8000)}`,
    ])
      await quick(() => omar.ask(path), [200, 400, 404, 431])
  })

  test('100,000 odd characters in every field of every form of a person: 4xx or an answer, and quick', async () => {
    const omar = await signIn(company, 'omar')
    const odd = [
      '((a+)+)+$'.repeat(300),
      '*_~`<>|'.repeat(400),
      '\u202e'.repeat(2900),
      '😀'.repeat(1400),
      'a@'.repeat(1400),
    ]
    for (const words of odd) {
      const opened = await omar.post('/do', { do: 'incidents.report', key: `o${words.length}` })
      const id = fieldOf(opened.text, 'id')
      await quick(
        () => omar.post('/do', { do: 'incidents.report', key: `s${words.length}`, id, form: '1', e_what: words }),
        [200, 303, 422],
      )
    }
    const asked = {
      method: 'POST',
      headers: form,
      body: `csrf=${omar.csrf}&line=${encodeURIComponent('/isms '.repeat(15_000))}`,
    }
    await quick(() => omar.ask('/say', asked), [200, 303])
  })

  test('fields and parameters named __proto__, constructor, role and state change nobody and nothing', async () => {
    const omar = await signIn(company, 'omar')
    const roles = () => world.sql`select person_id, role from person_role order by 1, 2`
    const before = await roles()
    const clever: Record<string, string> = { do: 'incidents.report', key: 'c', form: '1', e_what: 'seen' }
    for (const name of ['__proto__', 'constructor', 'role', 'state', 'org_id', 'reporterId', 'personId', 'toString'])
      for (const prefix of ['', 'e_', 'with_', 'q_', 'n_']) clever[`${prefix}${name}`] = 'isms-manager'
    Object.defineProperty(clever, 'e___proto__', { value: 'isms-manager', enumerable: true })
    const answer = await omar.post('/do', clever)
    expect([200, 303]).toContain(answer.status)
    const [made] = await world.sql`select reporter_id, state from report where what = 'seen'`
    expect(made).toMatchObject({ reporter_id: world.person('omar').id, state: 'reported' })
    expect(await roles()).toEqual(before)
    expect(({} as Record<string, unknown>).role).toBeUndefined()
  })
})

describe('T27 an upload', () => {
  const upload = async (who: string, name: string, type: string, bytes: Buffer | string) => {
    const client = await signIn(company, who)
    const opened = await client.post('/do', { do: 'access.import', key: name })
    const head = (field: string) => `--cut\r\nContent-Disposition: form-data; name="${field}"`
    const fields = { csrf: client.csrf, do: 'access.import', key: `k${name}`, form: '1', e_system: 'crm' }
    const body = Buffer.concat([
      Buffer.from(
        Object.entries(fields)
          .map(([field, value]) => `${head(field)}\r\n\r\n${value}\r\n`)
          .join(''),
      ),
      Buffer.from(`${head('e_file')}; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`),
      Buffer.from(bytes),
      Buffer.from('\r\n--cut--\r\n'),
    ])
    const headers = { 'content-type': 'multipart/form-data; boundary=cut' }
    return { opened, answer: await client.ask('/do', { method: 'POST', body, headers }) }
  }
  const files = async () => Number((await world.sql`select count(*)::int as n from file`)[0]?.n)

  test('of a page, a drawing, a program, a bomb of pixels: refused as evidence, and what is kept is handed out inert', async () => {
    const odd: [string, string, Buffer | string][] = [
      ['page.html', 'text/html', '<!doctype html><script>alert(1)</script>'],
      ['drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
      ['page.png', 'image/png', '<html><script>alert(2)</script></html>'],
      ['run.exe', 'application/octet-stream', Buffer.from('4d5a90000300000004000000ffff0000', 'hex')],
      ['..%2f..%2fetc%2fpasswd.csv', 'text/csv', Buffer.from('504b030414000000', 'hex')],
      ['../../../x.csv', 'text/csv', 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'],
      ['n\u0000ul.csv', 'text/csv', Buffer.from('89504e470d0a1a0a0000000d49484452000c3500000c3500', 'hex')],
    ]
    const before = await files()
    for (const [name, type, bytes] of odd) {
      const { answer } = await upload('lena', name, type, bytes)
      expect([200, 400, 422], name).toContain(answer.status)
      expect(answer.text).not.toMatch(/<script>alert|onload="alert/)
    }
    expect(await files()).toBe(before)
  })

  test('that is taken comes back as a download of its own bytes, whatever name and type it came with', async () => {
    const csv =
      'account_id,email,name,role,type,hr_status,last_login,created\nA1,omar@example.com,=cmd|x,Viewer,human,,2026-11-20,2025-01-10\n'
    const { answer } = await upload('lena', '<script>x</script>.html', 'text/html; charset=utf-7', csv)
    expect([200, 303]).toContain(answer.status)
    const [row] = await world.sql<{ file_id: string }[]>`select file_id from snapshot`
    const lena = await signIn(company, 'lena')
    const got = await lena.ask(`/file/${row?.file_id}`)
    expect(got.status).toBe(200)
    expect(got.text).toBe(csv)
    expect(got.headers['x-content-type-options']).toBe('nosniff')
    expect(got.headers['content-disposition']).toMatch(/^attachment; filename="[\w. -]+"/)
    expect(got.headers['content-type']).toBe('application/octet-stream')
    expect(got.headers['content-security-policy']).toContain('sandbox')
    for (const who of ['omar', 'gus']) {
      const other = await signIn(company, who)
      const [theirs, missing] = await Promise.all([
        other.ask(`/file/${row?.file_id}`),
        other.ask(`/file/fil_${'z'.repeat(26)}`),
      ])
      expect(theirs.status).toBe(404)
      expect(theirs.text.replace(/value="[^"]*"/g, '')).toBe(missing.text.replace(/value="[^"]*"/g, ''))
    }
  })
})

test('every route of every platform is known, answers strangers with nothing, and says what it may not', async () => {
  const known = ['/slack/events', '/', '/card/*', '/reply/*', '/file/*', '/options', '/live', '/do', '/say', '/look']
  const more = ['/seat', '/demo/next', '/demo/reset', '/leave', '/enter/*', '/assets/*', '/*']
  expect(world.routes.map((route) => route.path).sort()).toEqual([...known, ...more].sort())
  const open = new Set(['/enter/*', '/assets/*'])
  const before = await stateOf(world)
  const stranger = makeClient({ port: Number(new URL(address).port) })
  for (const { path } of world.routes)
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const answer = await stranger.ask(path.replace('*', 'x'), { method })
      expect([400, 401, 403, 404, 405, 501], `${method} ${path}`).toContain(
        open.has(path) && answer.status === 200 ? 404 : answer.status,
      )
      expect(answer.text).not.toMatch(/Omar|Lena|Acceptable/)
    }
  expect(await stateOf(world)).toEqual(before)
})
