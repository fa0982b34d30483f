import type { Entries } from '../../core/workflow.ts'

export type Step = { by: string; at: string; do: string; entries?: Entries }

/** What people noticed, and what became of it. `same`: the earlier report it repeats, by its key. */
export type Told = {
  key: string
  by: string
  at: string
  what: string
  entries?: Entries
  same?: string
  next: readonly Step[]
}

export const REPORTS: readonly Told[] = [
  {
    key: 'taxi',
    by: 'farrukh.adenauer-shah',
    at: '2026-09-08T03:41:00Z',
    what: 'I left my laptop in a taxi on the way back from the expo, about 40 minutes ago. It was locked. Taxi number 4471, the company does not answer.',
    entries: { category: 'information', ongoing: 'yes' },
    next: [
      { by: 'huang.silan', at: '2026-09-08T03:55:00Z', do: 'take' },
      {
        by: 'huang.silan',
        at: '2026-09-08T09:20:00Z',
        do: 'incident',
        entries: {
          severity: 'low',
          reason:
            'Disk encrypted, locked, wiped from afar at 04:02 UTC; sign-ins since then: none. Device found again the same evening.',
          toReporter:
            'Thank you for being so quick. The laptop was wiped before anybody touched it; the IT Desk has a new one for you.',
        },
      },
    ],
  },
  {
    key: 'payroll-mail',
    by: 'anselm.vogelsang-oyelaran',
    at: '2026-09-22T07:12:00Z',
    what: 'Mail von "Lohnbüro" mit der Bitte, meine Bankverbindung zu bestätigen. Absender sieht seltsam aus, ich habe nichts angeklickt.',
    entries: { category: 'suspicious', ongoing: 'no' },
    next: [
      { by: 'eleni.faros', at: '2026-09-22T08:31:00Z', do: 'take' },
      {
        by: 'eleni.faros',
        at: '2026-09-22T08:58:00Z',
        do: 'false-alarm',
        entries: {
          reason: 'It was our own exercise of that week. The reporter did exactly what we hope for.',
          toReporter: 'Well spotted: this one was our exercise. Please go on reporting such mails.',
        },
      },
    ],
  },
  {
    key: 'certificate',
    by: 'lin.haitang',
    at: '2026-10-06T02:05:00Z',
    what: '编译服务器今天早上提示证书不受信任，我点了“继续”，之后才觉得不对。',
    entries: { category: 'safeguard', ongoing: 'yes' },
    next: [
      {
        by: 'huang.silan',
        at: '2026-10-06T03:30:00Z',
        do: 'weakness',
        entries: {
          reason:
            'The certificate ran out at midnight because its renewal depended on a retired host. Renewed; the others on that host are being moved.',
          toReporter: '谢谢！证书已更新，您没有做错任何事。下次看到这样的提示，请先停下来再告诉我们。',
        },
      },
    ],
  },
  {
    key: 'wiki-password',
    by: 'wendell.haruki-stone',
    at: '2026-10-13T16:22:00Z',
    what: 'The onboarding page in the wiki shows the password of the staging database in plain text. Everybody can read that page.',
    entries: { category: 'weak-spot', audience: 'open', personalData: 'no' },
    next: [
      { by: 'caspian.threadgold', at: '2026-10-13T17:02:00Z', do: 'take' },
      {
        by: 'caspian.threadgold',
        at: '2026-10-14T18:40:00Z',
        do: 'weakness',
        entries: {
          reason:
            'Staging only, no real player data behind it; password replaced, page cleaned with its history, search run over the wiki for more of the kind.',
          toReporter: 'Thank you, replaced within the day. We also found and cleaned two more pages.',
        },
      },
    ],
  },
  {
    key: 'wiki-again',
    by: 'benedita.rocha-okwu',
    at: '2026-10-14T09:10:00Z',
    what: 'Na página de boas-vindas da wiki está a palavra-passe da base de dados de testes.',
    entries: { category: 'weak-spot' },
    same: 'wiki-password',
    next: [
      {
        by: 'eleni.faros',
        at: '2026-10-14T09:41:00Z',
        do: 'duplicate',
        entries: { reason: 'The same page, reported the day before.' },
      },
    ],
  },
  {
    key: 'overlay',
    by: 'layla.alfanar',
    at: '2026-10-27T18:31:00Z',
    what: 'ظهر البريد الإلكتروني لأحد المشاهدين على شاشة البث لمدة نصف دقيقة تقريبًا. أوقفتُ العرض فورًا.',
    entries: { category: 'information', ongoing: 'no', personalData: 'yes' },
    next: [
      { by: 'caspian.threadgold', at: '2026-10-27T18:44:00Z', do: 'take' },
      {
        by: 'caspian.threadgold',
        at: '2026-10-28T17:15:00Z',
        do: 'incident',
        entries: {
          severity: 'medium',
          reason:
            'An overlay drew the address instead of the nickname after a deploy; shown to about 900 viewers for 31 seconds. Deploy rolled back, clip removed, viewer told; the data protection officer decided that nobody else has to be told.',
          toReporter: 'شكرًا لك. أُصلح الخلل وحُذف المقطع، وتصرّفك السريع هو ما حدّ من الضرر.',
        },
      },
    ],
  },
  {
    key: 'robot',
    by: 'vivek.jyotipur',
    at: '2026-11-10T05:20:00Z',
    what: 'परीक्षण कोठामा रोबोट आफै चल्यो, कसैले सुरु गरेको थिएन।',
    entries: { category: 'malfunction', ongoing: 'no' },
    next: [
      {
        by: 'anushka.bhattarai-finn',
        at: '2026-11-10T09:50:00Z',
        do: 'no-action',
        entries: {
          reason:
            'A scheduled self-test that was not announced on the board; log of the bench and the release agree. Announcing them is with the test lead now.',
          toReporter: 'It was a self-test that nobody had announced. You were right to ask.',
        },
      },
    ],
  },
  {
    key: 'withdrawn',
    by: 'pilar.ondarreta',
    at: '2026-11-12T11:05:00Z',
    what: 'I cannot open the roadmap any more, somebody must have changed my rights.',
    next: [{ by: 'pilar.ondarreta', at: '2026-11-12T11:21:00Z', do: 'withdraw' }],
  },
  {
    key: 'door',
    by: 'raphael.beaulieu-nkemelu',
    at: '2026-11-19T17:40:00Z',
    what: "La porte de secours du studio était calée avec une chaise ce matin, il n'y avait personne à côté.",
    entries: { category: 'premises', ongoing: 'no', audience: 'manager' },
    next: [
      { by: 'caspian.threadgold', at: '2026-11-19T18:10:00Z', do: 'take' },
      {
        by: 'raphael.beaulieu-nkemelu',
        at: '2026-11-20T19:02:00Z',
        do: 'detail',
        entries: {
          more: "Ce soir la porte est fermée. Deux collègues disent qu'un livreur l'avait ouverte vers 8 h.",
        },
      },
    ],
  },
  {
    key: 'window',
    by: 'nattakarn.prapakarn',
    at: '2026-11-23T08:37:00Z',
    what: 'มีหน้าต่างแปลก ๆ ขึ้นมาถามรหัสผ่านของบริษัท ฉันยังไม่ได้กรอกอะไร (A strange window asks for my company password. I typed nothing.)',
    entries: { category: 'suspicious', ongoing: 'yes' },
    next: [],
  },
]
