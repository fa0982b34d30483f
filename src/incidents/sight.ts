import { has, isActive, isMember } from '../core/rules.ts'
import type { Ctx, Person } from '../core/workflow.ts'
import type { Report } from './register.ts'

export type Sight = 'none' | 'redacted' | 'full'

type Private = Pick<Report, 'reporterId' | 'reporterManagerId' | 'personalData' | 'audience'>

/**
 * The one place that decides who sees a report: in chat, in the browser, in lists and figures. Private is the default;
 * what is not listed here sees nothing, and nothing looks like missing (T20). An auditor knows that a private report
 * exists and how it ended, not what it says.
 */
export function seesReport(ctx: Pick<Ctx, 'by'>, report: Private): Sight {
  const { by } = ctx
  if (!isActive(by)) return 'none'
  if (by.id === report.reporterId) return 'full'
  if (!isMember(by)) return 'none'
  if (has(by, 'responder', 'isms-manager')) return 'full'
  if (has(by, 'dpo') && report.personalData !== 'no') return 'full'
  if (report.audience === 'open') return 'full'
  if (report.audience === 'manager' && by.id === report.reporterManagerId) return 'full'
  return has(by, 'auditor') ? 'redacted' : 'none'
}

/** Handles reports: responders first, and the ISMS managers behind them. */
export const isTriager = (person: Person): boolean => isMember(person) && has(person, 'responder', 'isms-manager')

/** Nobody decides what they reported themselves, whatever their role; the database refuses it too (T12). */
export const mayDecide = (person: Person, report: Pick<Report, 'reporterId'>): boolean =>
  isTriager(person) && person.id !== report.reporterId

/** Why a report ended as it did is for those who answer for it, not for the reporter or a reader of an open report. */
export const readsReasons = (person: Person, sight: Sight): boolean =>
  sight === 'full' && isMember(person) && has(person, 'responder', 'isms-manager', 'dpo', 'auditor')
