import type { Text } from '../core/md.ts'
import { plain } from '../core/md.ts'
import type { Block, Button, Card, Row } from '../core/view.ts'
import { dateOf } from '../core/words.ts'
import { daysUnused, type Flag, needsReason } from './flags.ts'
import type { historyOf, Item, Matter, Running } from './items.ts'
import { nameOf, visible, whoIs } from './names.ts'
import { type AccessWords, text } from './text.ts'

export type Looking = { language: string; timezone: string; now: Date }

const TONE: Partial<Record<Flag, 'bad' | 'warning'>> = { leaver: 'bad', orphan: 'bad', 'still-there': 'bad' }

/** Why a right stands out, in words, gravest first. */
function reasonsOf(item: Item, it: Pick<Running, 'takenAt' | 'review'>, say: AccessWords): string[] {
  const { why } = say
  const mail = visible(item.accountEmail ?? '')
  const unused = daysUnused(item.lastUsed, item.grantedAt, it.takenAt)
  const words: Record<Flag, () => string> = {
    leaver: () => why.leaver,
    orphan: () =>
      item.link === 'ambiguous'
        ? why.orphanAmbiguous(mail)
        : item.link === 'unmatched'
          ? why.orphanUnmatched(mail)
          : why.orphanNone,
    'still-there': () => why.stillThere,
    unowned: () => why.unowned,
    inactive: () =>
      item.lastUsed === 'never' || unused === undefined ? why.neverUsed : why.inactive(unused, it.review.inactiveDays),
    privileged: () => why.privileged,
    changed: () => why.changed(item.before),
    new: () => why.new,
    unclear: () => why.unclear,
    'no-meaning': () => why.noMeaning,
  }
  return item.flags.map((flag) => words[flag as Flag]())
}

export function usedWords(item: Pick<Item, 'lastUsed'>, say: AccessWords): string {
  if (item.lastUsed === 'never' || item.lastUsed === 'unknown' || item.lastUsed === 'not read')
    return say.item[item.lastUsed]
  return say.item.used(new Date(item.lastUsed))
}

/** One line: what the right means, why it stands out, when it was used. */
function lineOf(item: Item, it: Pick<Running, 'takenAt' | 'review'>, say: AccessWords): Text {
  const means =
    item.meaning === ''
      ? say.item.noMeaning(item.entitlementLabel)
      : say.item.means(item.entitlementLabel, item.meaning)
  const name = item.subjectName
  const beside = [
    // That nobody wrote down a meaning is told in its place already.
    ...reasonsOf({ ...item, flags: item.flags.filter((flag) => flag !== 'no-meaning') }, it, say),
    ...(item.choice === null && item.decision === 'not-mine'
      ? [say.item.handed(item.decidedByName ?? '', visible(item.reason ?? ''))]
      : []),
    ...(item.path ? [say.item.path(visible(item.path))] : []),
    ...(name && name !== nameOf(item) ? [say.item.belongs(name)] : []),
    ...(item.accountStatus === 'inactive' ? [say.item.off] : []),
    ...(item.flags.includes('inactive') && item.lastUsed === 'never' ? [] : [usedWords(item, say)]),
  ]
  return plain(`${/[.!?。]$/.test(means) ? means : `${means}.`} ${sentence(beside.join(' · '))}.`)
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** What a button on a right carries: its id, the version shown, and where the reader was. */
export const on = (item: Item, at: Record<string, string>) => ({
  id: item.id,
  shown: String(item.version),
  ...(Object.keys(at).length > 0 ? { with: at } : {}),
})

/** A right that is open: nothing is chosen beforehand, and keeping is one click unless it needs a reason. */
export function openRow(item: Item, it: Running, at: Record<string, string>, say: AccessWords): Row {
  const flag = item.flags[0] as Flag | undefined
  const keep: Button = needsReason(item)
    ? { label: say.button.keepReason, do: 'access.justify', asks: true, ...on(item, at) }
    : { label: say.button.keep, do: 'access.keep', ...on(item, at) }
  return {
    title: whoIs(item, say),
    text: lineOf(item, it, say),
    ...(flag ? { status: { label: say.flag[flag], tone: TONE[flag] ?? 'warning' } } : {}),
    buttons: [
      keep,
      { label: say.button.remove, do: 'access.remove', asks: true, ...on(item, at) },
      { label: say.button.more, do: 'access.more', asks: true, ...on(item, at) },
    ],
  }
}

/** Everything about one right: for a page, and as evidence. */
export function itemCard(
  { item, it }: Matter,
  history: Awaited<ReturnType<typeof historyOf>>,
  ifRemoved: string,
  mayDecide: boolean,
  { language, timezone }: Looking,
): Card {
  const say = text(language)
  const { facts } = say.item
  const rows: [string, string][] = [
    [facts.right, item.entitlementLabel + (item.path ? ` (${say.item.path(visible(item.path))})` : '')],
    [facts.means, item.meaning || say.why.noMeaning],
    [facts.lost, ifRemoved],
    [facts.account, visible(item.accountId)],
    [facts.email, item.accountEmail ? visible(item.accountEmail) : say.item.noMail],
    [facts.person, item.subjectName ?? say.item.nobody],
    [facts.kind, say.kind[item.accountKind]],
    [facts.granted, item.grantedAt ? dateOf(item.grantedAt, language) : ''],
    [facts.used, usedWords(item, say)],
    [facts.flagged, reasonsOf(item, it, say).join(' · ')],
    [facts.reviewer, `${item.reviewerName} (${say.report.rule[item.reviewerRule]})`],
    [facts.line, String(item.line)],
  ]
  const blocks: Block[] = [
    {
      kind: 'facts',
      facts: rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value: plain(value) })),
    },
    { kind: 'heading', text: say.item.history },
    history.length === 0
      ? { kind: 'text', text: plain(say.item.none) }
      : { kind: 'rows', rows: history.map((one) => historyRow(one, timezone, say)) },
  ]
  if (mayDecide && it.review.state === 'open' && item.choice === null)
    blocks.push({ kind: 'buttons', buttons: openRow(item, it, {}, say).buttons ?? [] })
  return { title: say.item.title(nameOf(item)), blocks }
}

function historyRow(
  { decision, name }: Awaited<ReturnType<typeof historyOf>>[number],
  timezone: string,
  say: AccessWords,
): Row {
  const to = decision.changeTo ? [say.line.to(decision.changeTo)] : []
  const words = [...to, ...(decision.reason ? [decision.reason] : [])].join(' · ')
  return {
    title: plain(say.line.history(name, say.chosen[decision.choice], decision.decidedAt, timezone)),
    ...(words ? { text: plain(words) } : {}),
  }
}
