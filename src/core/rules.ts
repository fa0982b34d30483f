import type { Person, Role } from './workflow.ts'

/** Permission is read from the verified actor of this very request, never from a card, a name or a mail address. */
export const has = (person: Person, ...roles: Role[]): boolean => roles.some((role) => person.roles.includes(role))

/** May act at all. */
export const isActive = (person: Person): boolean => person.state === 'active'

/** Active and not a guest: a guest acknowledges and reports, nothing else. */
export const isMember = (person: Person): boolean =>
  isActive(person) && person.employment !== 'guest' && !has(person, 'guest')

/** The worker and the command line act under this name; it is no row of the register and holds every right there. */
export const SYSTEM: Person = {
  id: 'system',
  name: 'Countersign',
  email: '',
  managerId: null,
  department: '',
  site: '',
  employment: 'employee',
  timezone: 'UTC',
  language: 'en',
  state: 'active',
  roles: ['isms-manager'],
}

export const isSystem = (person: Person): boolean => person.id === SYSTEM.id
