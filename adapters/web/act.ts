import { plain } from '../../src/core/md.ts'
import type { Command, Form, Reply, Turn } from '../../src/core/workflow.ts'
import { askAgain, fileErrors } from './again.ts'
import { showAnswer } from './answer.ts'
import { entriesOf, given, hashOf, type Sent, turnOf } from './decode.ts'
import { drawReply } from './encode.ts'
import type { Filled } from './fields.ts'
import { searchedIn } from './people.ts'
import type { From, Kept } from './replies.ts'
import { halt, redirect, sendPage } from './respond.ts'
import { pathOr } from './seats.ts'
import { freshKey } from './sessions.ts'
import { isPart, type Signed, sceneOf } from './visit.ts'

/** A click or a submitted form. */
export async function act(visit: Signed, sent: Sent): Promise<void> {
  const turn = turnOf(sent, visit.visitor)
  if (turn === undefined) throw halt(400, visit.say.refused.broken)
  const from: From = { back: pathOr(given(sent, 'back'), '/'), anchor: given(sent, 'anchor') }
  const searched = given(sent, 'search')
  if (searched !== undefined) return search(visit, sent, turn, from)
  const again = turn.entries && (await askAgain(visit, sent, turn))
  if (again) return answer(visit, turn.key, { reply: again, ...from }, await filledFor(visit, again.form, sent))
  const reply = await visit.desk.core.turn(turn)
  // A form that opens has changed nothing.
  if (reply.form === undefined) visit.desk.live.changed()
  await answer(visit, turn.key, { reply, ...from }, await filledFor(visit, reply.form, sent))
}

/** A line typed into the chat, as a slash command. */
export async function say(visit: Signed, sent: Sent): Promise<void> {
  const line = (given(sent, 'line') ?? '').trim()
  const key = `web:${visit.visitor.actor.user}:${given(sent, 'key') ?? freshKey(visit.desk.deps.random)}:${hashOf(line)}`
  await answer(visit, key, { reply: await typed(visit, line, key), back: '/' }, {})
}

async function typed(visit: Signed, line: string, key: string): Promise<Reply> {
  const { core, live } = visit.desk
  const found = commandOf(core.commands, line)
  if (found === undefined) return { say: plain(visit.say.chat.unknown) }
  const by = visit.visitor.actor
  const reply = await core.turn({ key, by, do: found.command.do, with: { text: found.text }, origin: 'command' })
  if (reply.form === undefined) live.changed()
  return reply
}

/** `/incident lost laptop`, `/isms policies`, `/isms`. The first word after /isms names what is meant. */
export function commandOf(commands: readonly Command[], line: string): { command: Command; text: string } | undefined {
  const [, slash, text = ''] = /^\/([a-z-]+)(?:\s+(.*))?$/isu.exec(line) ?? []
  if (slash === undefined) return undefined
  const own = commands.find((command) => command.slash?.command === `/${slash.toLowerCase()}`)
  if (own) return { command: own, text: text.trim() }
  if (slash.toLowerCase() !== 'isms') return undefined
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/su.exec(text.trim()) ?? []
  const command = commands.find((one) => one.word === (word.toLowerCase() || 'inbox'))
  if (command) return { command, text: rest }
  const help = commands.find((one) => one.word === 'help')
  return help && { command: help, text: text.trim() }
}

/** POST, then a page to come to: reloading that page repeats nothing. A form to correct is shown at once. */
async function answer(visit: Signed, key: string, made: Kept, filled: Filled): Promise<void> {
  const { reply } = made
  if (isPart(visit)) return sendPage(visit.response, drawReply(reply, sceneOf(visit, made, 3), filled))
  if (reply.form !== undefined) return showAnswer(visit, made, filled)
  visit.desk.replies.keep(visit.visitor.actor.user, key, made)
  redirect(visit.response, `/reply/${encodeURIComponent(key)}`)
}

/** The search button of a person field: the same form again, with what was typed and who was found. */
async function search(visit: Signed, sent: Sent, turn: Turn, from: From): Promise<void> {
  const opened = await visit.desk.core.turn({ ...turn, key: `${turn.key}:search`, entries: undefined })
  if (opened.form === undefined) return answer(visit, turn.key, { reply: opened, ...from }, {})
  const values = { ...opened.form.values, ...entriesOf(sent) }
  const form = { ...opened.form, values, errors: fileErrors(opened.form, sent, visit.say) }
  return answer(visit, turn.key, { reply: { form }, ...from }, await filledFor(visit, form, sent))
}

/** Names for what stands in a form as ids: files just stored keep the name they came with. */
async function filledFor(visit: Signed, form: Form | undefined, sent: Sent): Promise<Filled> {
  const files: Record<string, string> = Object.create(null)
  for (const [name, value] of sent.pairs) if (name.startsWith('n_')) files[name.slice(2)] = value
  for (const file of sent.files) files[file.id] = file.name
  return { files, ...(await searchedIn(visit, form, sent)) }
}
