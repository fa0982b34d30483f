import { plain, type Text } from '../core/md.ts'
import type { AccessWords } from './text.ts'

// Alphabets whose letters pass for one another (Unicode TR39); Latin beside Han or Kana is ordinary.
const ALPHABETS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic'].map(
  (name) => new RegExp(`\\p{Script=${name}}`, 'u'),
)
const HIDDEN = /[\p{Cc}\p{Cf}\u115F\u1160\u3164\uFFA0]/gu
// Joiners belong to how these alphabets are written.
const JOINED =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{Script=Malayalam}\p{Script=Tamil}\p{M}])[\u200C\u200D]/gu

/** What may deceive the eye in a name (T52): letters of several look-alike alphabets, or characters nobody sees. */
function tricksOf(name: string): ('lookAlike' | 'hidden')[] {
  const seen = name.normalize('NFC').replace(JOINED, '')
  const tricks: ('lookAlike' | 'hidden')[] = []
  if (ALPHABETS.filter((alphabet) => alphabet.test(seen)).length > 1) tricks.push('lookAlike')
  if (seen.search(HIDDEN) >= 0) tricks.push('hidden')
  return tricks
}

/** The name with what is hidden made visible. The raw one stays in the record. */
export const visible = (name: string): string => {
  const kept = name.normalize('NFC')
  return kept.search(HIDDEN) < 0 || tricksOf(kept).length === 0 ? kept : kept.replace(HIDDEN, '\uFFFD')
}

export type Named = { accountId: string; accountLabel: string; accountName: string; accountEmail: string | null }

export const nameOf = (it: Named): string => visible(it.accountName || it.accountLabel || it.accountId)

/** Name, account id and mail domain side by side, so that two who look alike are told apart (T52). */
export function whoIs(it: Named, say: AccessWords): Text {
  const name = nameOf(it)
  const domain = it.accountEmail?.split('@').at(-1)
  const tricks = tricksOf(`${it.accountName}${it.accountLabel}${it.accountId}${it.accountEmail ?? ''}`)
  const beside = [domain ? visible(domain) : say.item.noMail, ...tricks.map((trick) => say.item[trick])]
  return [
    { text: name, bold: true },
    { text: ' · ' },
    { text: visible(it.accountId), code: true },
    ...beside.flatMap((words) => plain(` · ${words}`)),
  ]
}
