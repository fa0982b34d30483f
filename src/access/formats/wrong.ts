import { ExportRefused } from './refused.ts'
import { refusal } from './text.ts'
import type { Header } from './types.ts'

/** Reports that people take for an export of accounts, and what they should export instead. */
const wrong: { has: string[]; what: string; instead: string }[] = [
  {
    has: ['name', 'email', 'account type', 'days active'],
    what: 'the Slack member analytics export',
    instead: 'export the member list instead (Manage members, Export full member list)',
  },
  {
    has: ['name', 'email', 'account type', 'account created (utc)'],
    what: 'the Slack member analytics export',
    instead: 'export the member list instead (Manage members, Export full member list)',
  },
  {
    has: ['campaign.id', 'campaign.name'],
    what: "Okta's Past Campaign Details, the answers of a finished review",
    instead: 'export the Current Assignments report instead',
  },
  {
    has: ['reviewer_notes', 'revoke_status'],
    what: "a reviewer's worksheet with decisions already in it",
    instead: 'export the accounts from the system itself',
  },
]

export function refuseWrongReport(header: Header): void {
  const found = wrong.find(({ has }) => header.has(...has))
  if (found) throw new ExportRefused('wrong report', refusal.wrong(found.what, found.instead))
}

/** Text files that are about access but are not read. */
export function refuseWrongText(head: string): void {
  if (!/^(Defaults[ \t:@!>]|(User|Runas|Host|Cmnd|Cmd)_Alias[ \t]|root[ \t]+ALL[ \t]*=)/m.test(head)) return
  throw new ExportRefused(
    'wrong report',
    refusal.wrong('a sudoers file', 'import /etc/group, which lists the members of sudo and wheel'),
  )
}
