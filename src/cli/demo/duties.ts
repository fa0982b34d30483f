/** The answer, the words, and files of the company's evidence. */
type Told = readonly ['operates' | 'deviations' | 'fails', string, ...string[]]

/** What owners attested, by duty, or by duty and due date where that month was another than usual. */
export const ANSWERS: Readonly<Record<string, Told>> = {
  // Every month.
  'leaver-check': [
    'operates',
    'Leaver list of People against live accounts: no difference. Sent to the IT Desk for the file.',
  ],
  'leaver-check 2026-10-31': [
    'deviations',
    'Jonas Feuerhake left on 30 September; his accounts in two systems were still open on 26 October. The IT Desk has a ticket for each.',
  ],
  'backup-job-review': ['operates', '31 jobs, two failed once and ran again the same night. No gap in any chain.'],
  'vulnerability-scan-review': [
    'operates',
    'Scan of the 14th read: 3 high, all patched within 10 days; 11 medium inside their deadline.',
  ],
  'vulnerability-scan-review 2026-10-31': [
    'operates',
    '扫描已阅读：1 个高危漏洞（转码服务），已在 6 天内修复；其余均在期限之内。',
  ],
  'patch-status': [
    'operates',
    '98 % of servers and 96 % of clients on the September level; the four exceptions end on 15 October.',
  ],
  'malware-coverage': ['operates', '412 of 412 devices report in; the oldest signature is nine hours old.'],
  'malware-coverage 2026-10-31': [
    'deviations',
    'Seven test laptops in Kathmandu had not reported for nine days: they were off for the festival. Switched on and covered since 28 October.',
  ],
  'log-review-admin': [
    'operates',
    'Admin actions of four systems, sample of 40: every one has a ticket. One was filed late by a day.',
  ],
  'log-review-events': ['operates', '212 alerts, 9 looked at closely, none held up. Two noisy rules narrowed.'],
  'threat-intel-review': [
    'operates',
    'Twelve advisories read, two concerned us: the video decoder and the build runner. Both patched.',
  ],
  // Every quarter.
  'access-review-critical': [
    'operates',
    'Player Data Warehouse reviewed and signed; two accounts removed, one changed to a lesser right.',
  ],
  'source-code-access': [
    'operates',
    'Member list of 61 read line by line with the team leads. One outside collaborator removed.',
  ],
  'backup-restore-test': [
    'fails',
    'The restore of the ticket database stopped at 61 %: the copy of 22 September cannot be read to its end. The player database restored fine in 48 minutes. New copy taken, cause being looked for.',
    'restore-test-2026-10.txt',
  ],
  'capacity-review': [
    'operates',
    'Peak at 71 % of ingest capacity during the September finals. Forecast reaches 85 % in March; order placed.',
  ],
  'sdlc-gate-review': [
    'operates',
    '19 releases, 19 with a passed gate. One waiver, ended with the release that followed.',
  ],
  'data-deletion-run': [
    'operates',
    'Três regras, 41 milhões de linhas apagadas, nenhuma falha. Sem retenções jurídicas em aberto.',
  ],
  'mobile-fleet-check': [
    'operates',
    '206 phones, all encrypted and locked; one reported lost and wiped within the hour.',
  ],
  'incident-trend-review': [
    'operates',
    'Four reports this quarter, fewer than usual. Two came from phishing; reporting took 34 minutes at the median.',
  ],
  'objectives-measures': [
    'deviations',
    'Sechs von sieben Zielen erreicht. Offen: 90 % der Zugangsprüfungen pünktlich, wir stehen bei 78 %.',
  ],
  'exception-review': ['operates', 'Five open exceptions, two renewed until March with a plan, three closed.'],
  // Twice a year, and every year.
  'access-review-standard': [
    'operates',
    'Slack and Jira reviewed in May and June; removals carried out and compared with a fresh export.',
  ],
  'authority-contact-check': ['operates', 'All seven contacts answered; two had a new number.'],
  'crypto-inventory': [
    'operates',
    '84 keys and certificates listed with owner and end date; two weak signatures replaced.',
  ],
  'supplier-review-critical': [
    'operates',
    'Nine critical suppliers: eight current certificates, one report of an auditor read and accepted.',
  ],
  'risk-assessment': [
    'operates',
    'Register version 11: 63 risks, four new ones around firmware updates, two accepted by the CTO.',
  ],
  // Answered early this time.
  'log-review-events 2026-11-30': ['operates', '187 alerts until the 18th, 6 looked at closely, none held up.'],
  'backup-job-review 2026-11-30': [
    'operates',
    'All jobs until the 19th ran; the new copy of the ticket database is complete.',
  ],
  'change-sample-review 2026-11-30': [
    'operates',
    'Twelve changes sampled: approval, test and way back on file for all of them.',
  ],
  'clock-check 2026-11-30': [
    'operates',
    'Largest offset 14 ms on 318 hosts; the firmware benches keep time from the same two sources.',
    'clock-offsets-2026-11.csv',
  ],
  'supplier-change-check 2026-11-30': [
    'deviations',
    'One sub-supplier changed without a word to us; asked for the paperwork, expected by 4 December.',
  ],
  'project-security-check 2026-11-30': ['operates', 'Six projects started, six with a security step on file.'],
}

/** Nobody answered these, and their grace is over. */
export const NEVER: readonly string[] = ['patch-status 2026-10-31']
