import { describe, expect, it } from 'vitest'
import { ExportRefused, type ReadOptions } from '../../src/access/formats/index.ts'
import { Refusal } from '../../src/core/errors.ts'
import { read, sample } from './exports/read.ts'

async function refused(file: string | Uint8Array, options: Partial<ReadOptions> = {}): Promise<string> {
  const error = await read(file, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ExportRefused)
  expect(error).toBeInstanceOf(Refusal)
  const { code, message } = error as ExportRefused
  return `${code}: ${message}`
}

const head = 'Name,Email,Role\n'

describe('secrets are never taken', () => {
  it('a shadow file, also under another name and without one hash in it', async () => {
    const sentence =
      'secrets: This is a shadow file with password data, so nothing of it was stored; import /etc/passwd and /etc/group instead.'
    expect(await refused('linux-shadow-MUST-REFUSE.txt')).toBe(sentence)
    expect(await refused('daemon:*:19000:0:99999:7:::\nalice:!:19000:0:99999:7:::\n')).toBe(sentence)
    expect(await refused('sudo:!::alice,dave\nadm:*::\n')).toBe(sentence)
  })

  it.each([
    ['passwd with a hash in it', 'alice:aXJtNNGUEkNGQ:1000:1000:Alice:/home/alice:/bin/bash\n'],
    [
      'a crypt hash in a later row',
      `${head}Ann,ann@example.com,viewer\nBob,$6$FAKEFAKE$NotARealHashNotARealHash,admin\n`,
    ],
    ['bcrypt', `${head}Ann,$2b$12$NotARealHashNotARealHashNotARealHash,viewer\n`],
    ['argon2', `${head}Ann,$argon2id$v=19$m=65536$FAKE,viewer\n`],
    ['LDAP', `${head}Ann,{SSHA}RkFLRUZBS0U=,viewer\n`],
    ['PostgreSQL', 'rolname,rolpassword\nann,SCRAM-SHA-256$4096:FAKE\n'],
    ['a private key', `${head}Ann,"-----BEGIN RSA PRIVATE KEY-----",viewer\n`],
    ['UTF-16', Buffer.from(`\ufeff${head}Ann,$6$FAKEFAKE$NotARealHashNotARealHash,x\n`, 'utf16le')],
  ])('hashes and keys by what they are: %s', async (_, file) => {
    expect(await refused(file)).toMatch(/^secrets: This file holds password hashes, so nothing of it was stored/)
  })

  it('a password column with anything but stars in it, and the message does not repeat it', async () => {
    const google = sample('google-workspace-users.csv')
      .toString('utf8')
      .replace('old@example.com,****', 'old@example.com,Summer2026')
    const message = await refused(google)
    expect(message).toBe(
      'secrets: The column "Password [Required]" holds secrets (first in line 3), so nothing was stored; export again without that column.',
    )
    expect(await refused('User Name,Access key ID,Secret access key\nann,AK,sk\n')).toContain(
      '"Secret access key" holds secrets',
    )
    expect(await refused('{"Resources":[{"id":"u1","password":"Summer2026"}]}')).toContain(
      'The property "password" holds secrets',
    )
  })
})

describe('wrong files are named for what they are', () => {
  // biome-ignore format: a table
  it.each([
    ['nothing', '', 'empty: This file is empty'],
    ['blanks', ' \n\n', 'empty: This file is empty'],
    ['a sign-in page', '\n<!DOCTYPE html><html><title>Sign in</title>', 'web page: This is a web page saved under another name'],
    ['a workbook', Buffer.from('PK\u0003\u0004\u0014\u0000[Content_Types].xml'), 'binary: This is an Excel workbook or another ZIP'],
    ['a PDF', '%PDF-1.7\n', 'binary: This is a PDF'],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 'binary: This is an old Excel workbook'],
    ['bytes', Buffer.from([1, 2, 0, 4]), 'binary: This is a binary file'],
    ['UTF-16 without its mark', Buffer.from(head, 'utf16le'), 'binary: This is a binary file, or UTF-16 without its mark'],
    ['member analytics', 'Name,Email,Account type,Account created (UTC),Days active\nAnn,a@example.com,Member,x,3\n', 'wrong report: This is the Slack member analytics export'],
    ['past campaigns', 'campaign.id,campaign.name,reviewItem.resourceName\n1,Q3,Box\n', "wrong report: This is Okta's Past Campaign Details"],
    ['a worksheet', sample('worksheet-jira.csv'), "wrong report: This is a reviewer's worksheet with decisions already in it"],
    ['sudoers', sample('linux-sudoers.txt'), 'wrong report: This is a sudoers file'],
    ['prose', 'Dear all,\nplease find attached\n', 'unknown header: '],
    ['one word', 'hello\n', 'unknown header: The first line is not a header and this is no known text file.'],
    ['JSON of another kind', '[{"id":1}]', 'json: This JSON is no known export. Known: SCIM 2.0'],
    ['damaged JSON', '{"schemas":', 'json: This JSON file is cut off or damaged'],
    ['deep JSON', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'json: '],
  ])('%s', async (_, file, sentence) => {
    expect(await refused(file)).toContain(sentence)
  })

  it('an unknown header shows the columns seen and what is known', async () => {
    const message = await refused('Benutzer,Rolle\nann,admin\n')
    expect(message).toContain(
      'unknown header: No known export has these columns: Benutzer, Rolle. Known: Atlassian: Export users;',
    )
    expect(message).toMatch(/or map the columns\.$/)
  })

  it('a chosen format that does not fit, or does not exist', async () => {
    expect(await refused('slack-members.csv', { adapter: 'okta-assignments' })).toContain(
      'This is not "Okta: Current Assignments report": it has the columns username, email, status',
    )
    expect(await refused('slack-members.csv', { adapter: 'okta' })).toContain(
      'adapter: There is no format "okta"; choose one of',
    )
  })
})

describe('T26 headers, code pages and sizes', () => {
  it('duplicate and nameless columns', async () => {
    expect(await refused('Name,Email,Role,E-MAIL\nA,a@example.com,r,b@example.com\n')).toContain(
      'mapping: The columns "Email" and "E-MAIL" both mean email; remove one, or map the columns.',
    )
    expect(await refused('Name,Email,Role, email \nA,a@example.com,r,x\n')).toContain(
      'duplicate header: Two columns are named " email "',
    )
    expect(await refused('Name,Email,Role,\nA,a@example.com,r,x\n')).toContain('unknown header: Column 4 has no name')
  })

  it('another code page is not guessed: GBK and Windows-1252 are refused by line', async () => {
    const gbk = Buffer.concat([
      Buffer.from(`${head}Ann,ann@example.com,viewer\n`),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
      Buffer.from(',li@example.com,viewer\n'),
    ])
    expect(await refused(gbk)).toBe(
      'encoding: Line 3 is not UTF-8 (the file may be GBK, Windows-1252 or another code page); save it as "CSV UTF-8" and import it again, or say that it is ISO-8859-1.',
    )
    const curly = Buffer.concat([Buffer.from(head), Buffer.from([0x93]), Buffer.from('Ann,ann@example.com,viewer\n')])
    expect(await refused(curly, { encoding: 'iso-8859-1' })).toContain(
      'encoding: Line 2 holds bytes that ISO-8859-1 does not use',
    )
  })

  // biome-ignore format: a table
  it.each([
    ['bytes', `${head}${'Ann,ann@example.com,viewer\n'.repeat(10)}`, { bytes: 100 }, 'size: This file is larger than'],
    ['lines', `${head}${'a\n'.repeat(10)}`, { lines: 10 }, 'size: This file has more than 10 lines'],
    ['columns', Array.from({ length: 201 }, (_, i) => `c${i}`).join(','), {}, 'size: This file has more than 200 columns'],
    ['a 40 KB cell', `${head}Ann,ann@example.com,${'x'.repeat(40_000)}\n`, {}, 'size: A cell in line 2 is longer than 32768 characters'],
    ['a quoted 40 KB cell', `${head}Ann,ann@example.com,"${'x'.repeat(40_000)}"\n`, {}, 'size: A cell in line 2'],
    ['a 10 MB cell', `${head}Ann,ann@example.com,${'x'.repeat(10_000_000)}\n`, {}, 'size: The row that begins in line 2'],
    ['a 10 MB quoted cell', `${head}Ann,ann@example.com,"${'x'.repeat(10_000_000)}"\n`, {}, 'size: The row that begins in line 2'],
    ['quotes everywhere', `${head}${'a"b,c@example.com,d\n'.repeat(2000)}`, {}, 'size: More than 1000 rows have quotes out of place'],
  ])('too large is refused before it is read: %s', async (_, file, limits, sentence) => {
    expect(await refused(file, { limits })).toContain(sentence)
  })
})
