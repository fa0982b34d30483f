import type { Role } from '../../src/core/workflow.ts'

/** The small company of the stories. All invented. */
export const CAST: Record<
  string,
  {
    name: string
    manager?: string
    department: string
    timezone?: string
    roles?: Role[]
    employment?: 'employee' | 'contractor' | 'guest'
    state?: 'left'
  }
> = {
  cleo: { name: 'Cleo Marchetti', department: 'Management', timezone: 'Europe/Lisbon' },
  mei: {
    name: 'Mei Tanaka-Voss',
    manager: 'cleo',
    department: 'Security and Privacy',
    timezone: 'Europe/Lisbon',
    roles: ['isms-manager'],
  },
  ravi: {
    name: 'Ravi Okonjo',
    manager: 'mei',
    department: 'Security and Privacy',
    timezone: 'Europe/Lisbon',
    roles: ['responder'],
  },
  ines: {
    name: 'Inês Caldeira',
    manager: 'mei',
    department: 'Security and Privacy',
    timezone: 'Europe/Lisbon',
    roles: ['responder'],
  },
  dora: { name: 'Dora Weiss', manager: 'cleo', department: 'Legal', timezone: 'Europe/Berlin', roles: ['dpo'] },
  aude: { name: 'Aude Ferrand', manager: 'cleo', department: 'Audit', timezone: 'Europe/Paris', roles: ['auditor'] },
  lena: { name: 'Lena Brandt', manager: 'cleo', department: 'Engineering', timezone: 'Europe/Berlin' },
  omar: { name: 'Omar Haddad', manager: 'lena', department: 'Engineering', timezone: 'Europe/Lisbon' },
  kiran: { name: 'Kiran Adhikari', manager: 'lena', department: 'Engineering', timezone: 'Asia/Kathmandu' },
  yuki: { name: '結城 優希', manager: 'lena', department: 'Engineering', timezone: 'Asia/Tokyo' },
  sol: {
    name: 'Sol Begay',
    manager: 'lena',
    department: 'Engineering',
    timezone: 'America/Phoenix',
    employment: 'contractor',
  },
  gus: { name: 'Gus Partner', department: 'Partner', timezone: 'Europe/Lisbon', employment: 'guest', roles: ['guest'] },
  lev: { name: 'Lev Gone', manager: 'lena', department: 'Engineering', timezone: 'Europe/Berlin', state: 'left' },
}
