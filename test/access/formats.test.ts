import { describe, expect, it } from 'vitest'
import { openHeader } from '../../src/access/formats/header.ts'
import { formats } from '../../src/access/formats/index.ts'
import { read, sample, seen } from './exports/read.ts'

/** adapter, lines, header, accepted lines, rejected, out of scope, accounts, grants */
type Line = [string, string, number, number, number, [number, string][], [number, string][], number, number]

const builtInRoles =
  'pg_checkpoint pg_database_owner pg_execute_server_program pg_monitor pg_read_all_data pg_read_all_settings pg_read_all_stats pg_read_server_files pg_signal_backend pg_stat_scan_tables pg_write_all_data pg_write_server_files'.split(
    ' ',
  )

// biome-ignore format: a table
const receipts: Line[] = [
  ['atlassian-export-users.csv', 'atlassian-users', 5, 1, 4, [], [], 4, 7],
  ['aws-credential-report.csv', 'aws-credential-report', 4, 1, 3, [], [], 3, 6],
  ['campaign-5.csv', 'canonical', 6, 1, 5, [], [], 5, 5],
  ['campaign-50.csv', 'canonical', 51, 1, 50, [], [], 50, 50],
  ['campaign-50-after.csv', 'canonical', 50, 1, 49, [], [], 49, 49],
  ['entra-users-v1.csv', 'entra-users', 2, 1, 1, [], [], 1, 1],
  ['entra-review-history.csv', 'entra-review-history', 3, 1, 1, [], [[3, 'denied, and applied on 2026-07-21: past access']], 1, 1],
  ['github-org-members-export.csv', 'github-members', 3, 1, 2, [], [], 2, 2],
  ['google-workspace-users.csv', 'google-workspace-users', 6, 1, 5, [], [], 4, 4],
  ['linux-passwd.txt', 'linux-passwd', 7, 0, 6, [[7, 'includes accounts from NIS that this file does not list']], [], 6, 6],
  ['linux-group.txt', 'linux-group', 4, 0, 4, [], [], 4, 5],
  ['linux-centos-passwd.txt', 'linux-passwd', 21, 0, 21, [], [], 21, 21],
  ['linux-centos-group.txt', 'linux-group', 39, 0, 39, [], [], 2, 3],
  ['macos-passwd.txt', 'linux-passwd', 108, 0, 98, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => [line, 'comment']), 98, 98],
  ['okta-current-assignments.csv', 'okta-assignments', 3, 1, 2, [], [], 2, 2],
  ['pg-auth-members.csv', 'postgresql-members', 9, 1, 5, [], [7, 8, 9].map((line) => [line, 'built in: pg_monitor']), 4, 6],
  ['pg-roles.csv', 'postgresql-roles', 23, 1, 10, [], builtInRoles.map((name, at) => [9 + at, `built in: ${name}`]), 10, 19],
  ['probo-source.csv', 'probo-source', 3, 1, 2, [], [], 2, 3],
  ['scim-list-partial.json', 'scim-users', 2, 0, 2, [], [], 2, 2],
  ['several-rows-per-person.csv', 'canonical', 4, 1, 3, [], [], 2, 3],
  ['slack-members.csv', 'slack-members', 7, 1, 5, [], [[6, 'deactivated: the account holds no access']], 5, 5],
  ['vanta-access-file.csv', 'vanta-access', 4, 1, 3, [], [], 3, 4],
  ['variant-bom-crlf.csv', 'canonical', 4, 1, 3, [], [], 3, 3],
  ['variant-duplicate-rows.csv', 'canonical', 5, 1, 3, [[5, 'same grant as line 2']], [], 3, 3],
  ['variant-header-only.csv', 'canonical', 1, 1, 0, [], [], 0, 0],
  ['variant-ragged.csv', 'canonical', 3, 1, 0, [[2, 'has 2 cells, the header has 3'], [3, 'has 4 cells, the header has 3']], [], 0, 0],
  ['variant-semicolon.csv', 'canonical', 4, 1, 3, [], [], 3, 3],
]

describe('the receipt of every sample', () => {
  it.each(receipts)('%s', async (file, adapter, lines, header, accepted, rejected, outOfScope, accounts, grants) => {
    const { receipt, rows } = await read(file)
    expect(receipt).toMatchObject({
      adapter,
      lines,
      header,
      accepted,
      accounts,
      grants,
      footer: 0,
      balanced: true,
      imbalance: [],
    })
    expect(receipt.rejected).toEqual(rejected.map(([line, reason]) => ({ line, reason })))
    expect(receipt.outOfScope).toEqual(outOfScope.map(([line, rule]) => ({ line, rule })))
    expect(header + accepted + rejected.length + outOfScope.length).toBe(lines)
    expect(rows).toHaveLength(grants)
    expect(receipt.bytes).toBe(sample(file).length)
    expect(receipt.headerOnly).toBe(file === 'variant-header-only.csv')
  })

  it('no header fits two formats', () => {
    const tables = formats.filter((format) => format.kind === 'table')
    for (const [file] of receipts.filter(([name]) => name.endsWith('.csv'))) {
      const first = sample(file).toString('utf8').replace('\ufeff', '').split(/\r?\n/)[0] ?? ''
      const header = openHeader(first.split(file === 'variant-semicolon.csv' ? ';' : ','))
      expect([file, tables.filter((format) => format.matches(header)).length]).toEqual([file, 1])
    }
  })
})

describe('what each export says', () => {
  it('Atlassian: one grant per group and organisation role, last use over all products, the site in column names', async () => {
    expect(seen(await read('atlassian-export-users.csv'))).toEqual([
      '2 | 712020:978521a6-0000-4092-a7f6-000000000001 | alice@example.com | human | active | Organization admin | yes | 2026-05-12T00:00:00.000Z',
      '2 | 712020:978521a6-0000-4092-a7f6-000000000001 | alice@example.com | human | active | jira-admins-acme | yes | 2026-05-12T00:00:00.000Z',
      '2 | 712020:978521a6-0000-4092-a7f6-000000000001 | alice@example.com | human | active | confluence-users-acme | unknown | 2026-05-12T00:00:00.000Z',
      '2 | 712020:978521a6-0000-4092-a7f6-000000000001 | alice@example.com | human | active | site-admins | yes | 2026-05-12T00:00:00.000Z',
      '3 | 712020:978521a6-0000-4092-a7f6-000000000002 | bob@example.com | human | active | jira-software-users-acme | unknown | 2026-09-01T00:00:00.000Z',
      '4 | 557058:00000000-aaaa-bbbb-cccc-000000000003 | - | unknown | active | atlassian-addons-admin | yes | never',
      '5 | 712020:978521a6-0000-4092-a7f6-000000000004 | dave@example.com | human | inactive | jira-software-users-acme | unknown | 2025-02-02T00:00:00.000Z',
    ])
  })

  it('AWS: one grant per way to sign in; "N/A" on a key made after tracking began means never', async () => {
    expect(seen(await read('aws-credential-report.csv'))).toEqual([
      '2 | arn:aws:iam::123456789012:root | - | break-glass | active | Console password | yes | 2019-03-03T16:58:16.000Z',
      '2 | arn:aws:iam::123456789012:root | - | break-glass | active | Access key 1 | yes | 2018-11-27T00:02:00.000Z',
      '3 | arn:aws:iam::123456789012:user/auditor_tmp | - | unknown | active | Access key 1 | unknown | never',
      '4 | arn:aws:iam::123456789012:user/user | - | unknown | active | Console password | unknown | 2018-05-07T15:35:54.000Z',
      '4 | arn:aws:iam::123456789012:user/user | - | unknown | active | Access key 1 | unknown | never',
      '4 | arn:aws:iam::123456789012:user/user | - | unknown | active | Access key 2 | unknown | 2018-05-07T15:35:54.000Z',
    ])
  })

  it('canonical: system, manager and leaver per row; an empty HR status is unknown, not a clean answer', async () => {
    const { rows } = await read('campaign-5.csv')
    expect(
      rows.map(({ system, account, leaver }) => [system, account.kind, account.manager, account.email, leaver]),
    ).toEqual([
      ['CRM', 'human', 'mgr000@example.com', 'user00000@example.com', 'unknown'],
      ['ERP', 'human', 'user00001@example.com', 'user00001@example.com', 'unknown'],
      ['CRM', 'human', undefined, undefined, 'unknown'],
      ['ERP', 'service', 'mgr000@example.com', undefined, 'unknown'],
      ['CRM', 'human', 'mgr000@example.com', 'user00004@example.com', 'yes'],
    ])
    expect(rows.map((row) => row.lastUsedAt)[3]).toBe('unknown')
  })

  it('canonical: rows of another system can be left out, by name', async () => {
    const { receipt } = await read('campaign-5.csv', { otherSystems: 'out of scope' })
    expect(receipt.outOfScope).toEqual([2, 4, 6].map((line) => ({ line, rule: 'belongs to CRM' })))
    expect(receipt).toMatchObject({ accepted: 2, balanced: true })
  })

  it('canonical: a next snapshot shows who is gone, who came and whose role changed', async () => {
    const key = ({ account, entitlement, system }: Awaited<ReturnType<typeof read>>['rows'][number]) =>
      `${system} ${account.id} ${entitlement.key}`
    const before = new Set((await read('campaign-50.csv')).rows.map(key))
    const after = new Set((await read('campaign-50-after.csv')).rows.map(key))
    expect([...after.difference(before)]).toContain('ERP A00003 admin')
    expect([...before.difference(after)]).toContain('ERP A00003 viewer')
  })

  it('Entra: object id, enabled or not, guests without a made-up address, formulas as text', async () => {
    const header =
      'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,createdDateTime'
    const imported = await read(
      `${header}\n=3+1@contoso.example,=3+1,=1+3,,=1+3,05F9EB61,Member,,,True,8/19/2021 1:25:31 PM\n` +
        'x_partner.example#EXT#@contoso.example,Xu,,x@partner.example,,07aa,Guest,,Legal,False,9/1/2021 12:00:00 AM\n',
    )
    expect(seen(imported)).toEqual([
      '2 | 05f9eb61 | - | unknown | active | Member | unknown | not read',
      '3 | 07aa | x@partner.example | human | inactive | Guest | unknown | not read',
    ])
    expect(imported.rows.map((row) => [row.account.name, row.grantedAt])).toEqual([
      ['=3+1', '2021-08-19T13:25:31.000Z'],
      ['Xu', '2021-09-01T00:00:00.000Z'],
    ])
  })

  it('GitHub: owner is privileged, the SAML name is the address when it is one', async () => {
    expect(seen(await read('github-org-members-export.csv'))).toEqual([
      '2 | alice-n | alice@example.com | unknown | active | Owner | yes | 2026-09-28T10:11:12.000Z',
      '3 | octo-bob | - | unknown | active | Member | no | 2025-11-02T00:00:00.000Z',
    ])
  })

  it('Google Workspace: a row over two lines, never signed in, suspended and archived', async () => {
    const imported = await read('google-workspace-users.csv')
    expect(seen(imported)).toEqual([
      '2 | alice@example.com | alice@example.com | human | active | Workspace account | unknown | 2026-09-28T04:05:20.000Z',
      '3 | old@example.com | old@example.com | human | active | Workspace account | unknown | never',
      '4 | comma.user@example.com | comma.user@example.com | human | inactive | Workspace account | unknown | 2025-04-10T04:05:20.000Z',
      '6 | archived@example.com | archived@example.com | human | inactive | Workspace account | unknown | 2024-01-02T10:00:00.000Z',
    ])
    expect(imported.rows[0]).toMatchObject({
      facts: { mfa: 'yes', orgUnit: '/Finance' },
      account: { manager: 'ceo@example.com' },
    })
    expect(imported.receipt.warnings).toContain(
      'Administrator roles are not in this export; read them in the Admin console.',
    )
  })

  it('Linux: root under any name, closed shells, members of powerful groups', async () => {
    const right = ({ rows }: Awaited<ReturnType<typeof read>>) =>
      rows.map(({ account, entitlement }) => `${account.id}: ${entitlement.label}, ${entitlement.privileged}`)
    expect(right(await read('linux-passwd.txt'))).toEqual([
      'root: root (uid 0), yes',
      'daemon: No login (/usr/sbin/nologin), no',
      'toor: root (uid 0), yes',
      'alice: Login (/bin/bash), unknown',
      'deploy: Login (/bin/bash), unknown',
      'dave: No login (/usr/sbin/nologin), no',
    ])
    expect(right(await read('linux-group.txt'))).toEqual([
      'alice: sudo, yes',
      'dave: sudo, yes',
      'bob: wheel, yes',
      'deploy: docker, yes',
      'alice: docker, yes',
    ])
    expect((await read('linux-passwd.txt')).receipt.warnings[0]).toContain('the source is incomplete')
  })

  it('Okta: a right per application instance; past assignments are out of scope', async () => {
    const header = sample('okta-current-assignments.csv').toString('utf8').split('\n')[0]
    const row = (unassigned: string) =>
      `Eve,eve@example.com,Box,Box,eve@example.com,2024-01-01T00:00:00Z,${unassigned},,`
    const file = `${header}\n${row('2026-03-01T00:00:00Z')}\n`
    expect(seen(await read('okta-current-assignments.csv'))).toEqual([
      '2 | alice@example.com | alice@example.com | unknown | unknown | Salesforce Prod (Salesforce.com) | unknown | 2026-09-29T07:12:00.000Z',
      '3 | dave@example.com | dave@example.com | unknown | unknown | AWS Prod (Amazon Web Services) | unknown | 2025-01-02T00:00:00.000Z',
    ])
    expect((await read('okta-current-assignments.csv')).rows[0]?.path).toBe('alice@example.com.prod')
    expect((await read(file)).receipt.outOfScope).toEqual([{ line: 2, rule: 'unassigned on 2026-03-01: past access' }])
    expect((await read(file, { now: new Date('2026-02-01T00:00:00Z') })).receipt.grants).toBe(1)
  })

  it('GitLab: held directly and by inheritance is two grants, and an invitation has only an address', async () => {
    const header =
      'Name,Username,Email,Path,Group or project name,Type,Role,Role type,Membership type,Membership status,Membership source,Access granted,Access expiration,Last activity'
    const imported = await read(
      `${header}\nAnn Lee,ann,ann@example.com,acme/web,Web,Project,Developer,default,direct,approved,acme/web,2025-01-02 03:04:05,,2026-03-04 05:06:07\n` +
        'Ann Lee,ann,ann@example.com,acme/web,Web,Project,Developer,default,inherited,approved,acme,2024-01-02,2026-01-01,\n' +
        ',,new@example.com,acme,Acme,Group,Owner,default,direct,pending,acme,2026-02-03,,\n',
      { now: new Date('2026-05-01T00:00:00Z') },
    )
    expect(seen(imported)).toEqual([
      '2 | ann | ann@example.com | unknown | active | Developer of acme/web | no | 2026-03-04T05:06:07.000Z',
      '3 | ann | ann@example.com | unknown | inactive | Developer of acme/web | no | unknown',
      '4 | new@example.com | new@example.com | unknown | inactive | Owner of acme | yes | unknown',
    ])
    expect(imported.rows.map((row) => row.path)).toEqual(['direct: acme/web', 'inherited: acme', 'direct: acme'])
  })

  it('Probo and Vanta: lists of roles, accounts that are no person', async () => {
    expect(seen(await read('probo-source.csv'))).toEqual([
      '2 | 1 | alice@example.com | human | active | Admin | yes | not read',
      '2 | 1 | alice@example.com | human | active | Billing | yes | not read',
      '3 | 2 | - | service | active | Deploy | no | not read',
    ])
    expect(seen(await read('vanta-access-file.csv'))).toEqual([
      '2 | alice | alice@example.com | human | active | role 1 | unknown | not read',
      '2 | alice | alice@example.com | human | active | role 2 | unknown | not read',
      '3 | ci-bot | - | service | active | deploy | unknown | not read',
      '4 | x9 | - | unknown | inactive | viewer | unknown | not read',
    ])
  })

  it('Slack: roles, guests with an end, bots', async () => {
    const imported = await read('slack-members.csv', { now: new Date('2026-06-01T00:00:00Z') })
    expect(seen(imported)).toEqual([
      '2 | U000000A1 | alice@example.com | human | active | Primary Owner | yes | not read',
      '3 | U000000B2 | bob@example.com | human | active | Admin | yes | not read',
      '4 | U000000C3 | carol@example.com | human | active | Member | no | not read',
      '5 | U000000D4 | guest@partner.example | human | inactive | Single-Channel Guest | no | not read',
      '7 | U000000F6 | - | service | active | Bot | unknown | not read',
    ])
    expect(imported.rows[3]?.facts).toEqual({ mfa: 'no', sso: 'no', endsAt: '2025-12-31T23:59:59.000Z' })
  })

  it('SCIM: groups and roles, and one page of several never balances', async () => {
    const user = {
      id: 'u1',
      userName: 'mara@example.com',
      active: false,
      userType: 'Employee',
      groups: [{ value: 'g1', display: 'Tour Guides' }],
      roles: [{ value: 'Global Admin' }],
    }
    const page = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 3,
      Resources: [user, { userName: 'x' }],
    }
    const imported = await read(JSON.stringify(page))
    expect(seen(imported)).toEqual([
      '1 | u1 | mara@example.com | human | inactive | Tour Guides | unknown | not read',
      '1 | u1 | mara@example.com | human | inactive | Global Admin | yes | not read',
    ])
    expect(imported.receipt).toMatchObject({
      unit: 'resource',
      rejected: [{ line: 2, reason: 'is no SCIM user: id' }],
      controlTotal: 3,
      controlSource: 'totalResults',
      balanced: false,
      imbalance: ['The source has 3 resources, the file holds 2: it is one page of several, or was cut off.'],
    })
  })

  it('Salesforce: the "Grand Totals" line is the control total, the other closing lines are footer', async () => {
    const report = (total: string) =>
      'Username,Last Name,First Name,Email,Profile: Name,Active,Last Login\n' +
      'ann@example.com.prod,Lee,Ann,ann@example.com,System Administrator,1,2026-05-05\n' +
      'bob@example.com.prod,Stone,Bob,,Read Only,0,\n' +
      `\n"Grand Totals (${total} records)"\n"Confidential Information - Do Not Distribute"\n` +
      '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    const { receipt } = await read(report('2'))
    expect(receipt).toMatchObject({
      lines: 7,
      accepted: 2,
      footer: 3,
      controlTotal: 2,
      controlSource: 'footer',
      balanced: true,
    })
    expect(receipt.outOfScope).toEqual([{ line: 4, rule: 'blank line' }])
    expect((await read(report('5,700'))).receipt).toMatchObject({
      controlTotal: 5700,
      balanced: false,
      imbalance: ["The file's last lines speak of 5700 rows, it has 2."],
    })
  })
})
