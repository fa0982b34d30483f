import type { types, ViewSubmitAction } from '@slack/bolt'
import { namesIn } from '../../src/core/answering.ts'
import { cut } from '../../src/core/drawing.ts'
import { plain, textOf } from '../../src/core/md.ts'
import type { Reply } from '../../src/core/view.ts'
import { type Act, decodeSubmit, type Place } from './decode.ts'
import { drawForm, drawMoment, drawSaidModal } from './encode.ts'
import type { FetchUploads } from './files.ts'
import { denied, type Flow, type FlowDeps } from './flow.ts'
import { ANSWER_MS, FIELD_ERROR } from './limits.ts'
import { fieldName } from './payload.ts'
import { metaOf, modalOf } from './show.ts'
import { text } from './text.ts'

type Response = { response_action: string; view?: types.ModalView; errors?: Record<string, string> }
type Ack = (payload?: Response) => Promise<void>

/** `refused`: a sentence per field whose file could not be taken, before anything was asked of the core. */
type Result = { reply: Reply; refused?: Record<string, string> }

/**
 * A submitted form. Errors stand at their fields and keep what was typed; a card edits the message that the form was
 * opened from, or is the receipt in the modal when there is none.
 */
export function makeSubmit(deps: FlowDeps, flow: Flow, fetchUploads: FetchUploads) {
  const { surfaces, home, pen } = deps

  async function turn(it: Act): Promise<Result> {
    const uploads = await fetchUploads(it.files ?? {}, it.place.by)
    if ('errors' in uploads)
      return { reply: { say: plain(Object.values(uploads.errors).join(' ')) }, refused: uploads.errors }
    return { reply: await flow.turn({ ...it.turn, entries: { ...it.turn.entries, ...uploads.entries } }) }
  }

  async function viewOf(reply: Reply, place: Place): Promise<types.ModalView | undefined> {
    if (reply.form) return drawForm(reply.form, metaOf(place), pen(), await namesIn(deps.core, reply.form, place.by))
    return modalOf(isInMessage(reply, place) ? { say: reply.say } : reply, place, pen())
  }

  return async function submit(body: ViewSubmitAction, ack: Ack): Promise<void> {
    const it = decodeSubmit(body, await deps.allowed())
    if (!it) return ack({ response_action: 'update', view: drawSaidModal(plain(denied(deps.log, 'submit'))) })
    const answering = turn(it)
    const late = await flow.slow(answering, ANSWER_MS)
    if (late) await ack({ response_action: 'update', view: drawMoment(pen()) })
    const result = await answering
    const errors = late ? undefined : errorsOf(result, it, inputsIn(body))
    if (errors) return ack({ response_action: 'errors', errors })

    const { reply } = result
    const view = await viewOf(reply, it.place)
    if (!late) await ack(view ? { response_action: 'update', view } : { response_action: 'clear' })
    else if (!(await surfaces.update(body.view.id, view ?? drawSaidModal(plain(text('en').done), pen()))))
      await flow.show.late(reply, it.place)
    if (reply.card && isInMessage(reply, it.place) && !(await flow.show.inPlace(reply.card, it.place)))
      await flow.show.late({ card: reply.card }, it.place)
    if (!reply.form) home.touch(it.place.by)
  }
}

/** The card has its place in the message that the form was opened from. */
const isInMessage = (reply: Reply, place: Place): boolean =>
  reply.card !== undefined && (place.at ?? place.respond) !== undefined

const inputsIn = (body: ViewSubmitAction): string[] =>
  body.view.blocks.flatMap((block) => (block.type === 'input' && block.block_id ? [block.block_id] : []))

/**
 * Errors by block_id, when every one of them has its field in the modal that is open. What failed altogether is said at
 * the first field, so that nothing typed is lost.
 */
function errorsOf({ reply, refused }: Result, it: Act, inputs: readonly string[]): Record<string, string> | undefined {
  const [firstInput] = inputs
  if (reply.failed && firstInput) return { [firstInput]: cut(textOf(reply.say ?? []), FIELD_ERROR) }
  const { form } = reply
  const byName = refused ?? (form?.do === it.turn.do ? form.errors : undefined)
  if (!byName) return undefined
  const errors: Record<string, string> = {}
  for (const [name, error] of Object.entries(byName)) {
    const block = inputs.find((id) => fieldName(id) === name)
    if (block === undefined) return undefined
    errors[block] = cut(error, FIELD_ERROR)
  }
  return Object.keys(errors).length > 0 ? errors : undefined
}
