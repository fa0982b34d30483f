import type { Field, Form } from '../../src/core/view.ts'
import { drawBlocks } from './blocks.ts'
import { drawHidden } from './buttons.ts'
import { drawField, type Filled, fieldId } from './fields.ts'
import { type Html, html, nothing } from './html.ts'
import { heading, type Scene } from './scene.ts'
import { spans } from './spans.ts'

/** A form, with what was typed and what needs correcting. `filled`: names for the ids that stand in it. */
export function drawForm(form: Form, scene: Scene, filled: Filled = {}): Html {
  const fields = Object.entries(form.fields)
  const errors = fields.flatMap(([name, field]) => {
    const error = form.errors && Object.hasOwn(form.errors, name) ? form.errors[name] : undefined
    return error === undefined ? [] : [{ name, field, error }]
  })
  const hasFile = fields.some(([, field]) => field.kind === 'file')
  const inner: Scene = { ...scene, level: Math.min(scene.level + 1, 6) }
  return html`<section class="form" data-test="form">${heading(scene.level, form.title, 'form-title')}
${errors.length > 0 ? drawProblems(errors, scene) : nothing}
${form.intro ? html`<p class="intro" dir="auto">${spans(form.intro, scene)}</p>` : nothing}
${form.blocks ? drawBlocks(form.blocks, inner) : nothing}
<form method="post" action="/do" class="fields" novalidate${hasFile ? html` enctype="multipart/form-data"` : nothing}>
${drawHidden(form, scene)}<input type="hidden" name="form" value="1">
${fields.map(([name, field]) => drawField({ name, field, value: typedIn(form, name), error: errorOf(form, name) }, inner, filled))}
<div class="buttons form-end"><button class="button button-primary" data-do="${form.do}" data-test="submit">${form.submit}</button><a class="button" href="${scene.back}" data-dismiss>${scene.say.cancel}</a></div>
</form></section>`
}

const typedIn = (form: Form, name: string) =>
  form.values && Object.hasOwn(form.values, name) ? form.values[name] : undefined

const errorOf = (form: Form, name: string) =>
  form.errors && Object.hasOwn(form.errors, name) ? form.errors[name] : undefined

/** What needs correcting, first and with the focus; each sentence leads to its field. */
function drawProblems(errors: { name: string; field: Field; error: string }[], scene: Scene): Html {
  return html`<div class="problems" role="alert" tabindex="-1" autofocus data-test="problems"><p class="problems-title">${scene.say.form.problems(errors.length)}</p>
<ul>${errors.map(({ name, field, error }) => html`<li><a href="#${fieldId(name)}">${field.label} – ${error}</a></li>`)}</ul></div>`
}
