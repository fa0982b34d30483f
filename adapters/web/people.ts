import type { Form, Option } from '../../src/core/view.ts'
import { given, type Sent } from './decode.ts'
import { honest } from './html.ts'
import { MOST_OPTIONS } from './limits.ts'
import type { Signed } from './visit.ts'

/** What was typed into the search of a person field, which sends the words beside the choice. */
const SEARCH = 'q_'

const find = async (visit: Signed, typed: string): Promise<Option[]> =>
  (await visit.desk.core.options('person', typed, visit.visitor.actor)).slice(0, MOST_OPTIONS)

/** What stands in the person fields of a form that is drawn again: the words as typed, and whom they found. */
export async function searchedIn(visit: Signed, form: Form | undefined, sent: Sent) {
  const people: Record<string, Option[]> = Object.create(null)
  const typed: Record<string, string> = Object.create(null)
  for (const [name, field] of Object.entries(form?.fields ?? {})) {
    const words = given(sent, SEARCH + name)?.trim()
    if (field.kind !== 'person' || !words) continue
    typed[name] = words
    people[name] = await find(visit, words)
  }
  return { people, typed }
}

/** Person fields whose words mean nobody who was chosen: to leave them out would lose what somebody wrote. */
export async function unknownIn(visit: Signed, sent: Sent): Promise<string[]> {
  const unknown: string[] = []
  for (const [key, typed] of sent.pairs) {
    if (!key.startsWith(SEARCH) || typed.trim() === '') continue
    const name = key.slice(SEARCH.length)
    if (!(await isMeant(visit, typed.trim(), given(sent, `e_${name}`) ?? ''))) unknown.push(name)
  }
  return unknown
}

async function isMeant(visit: Signed, typed: string, chosen: string): Promise<boolean> {
  if (chosen === '') return false
  const [one] = await find(visit, chosen)
  if (one?.value === chosen && honest(one.label).trim() === typed) return true
  return (await find(visit, typed)).some((option) => option.value === chosen)
}
