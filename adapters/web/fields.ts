import { LARGEST_FILE } from '../../src/core/files.ts'
import type { Field, Option } from '../../src/core/view.ts'
import { type Html, html, nothing } from './html.ts'
import { MOST_FILES } from './limits.ts'
import type { Scene } from './scene.ts'

/** Names for ids that stand in a form: `people` found for what was `typed`, the names of files already stored. */
export type Filled = {
  people?: Record<string, Option[]>
  typed?: Record<string, string>
  files?: Record<string, string>
}

export type Asked = { name: string; field: Field; value: string | string[] | undefined; error: string | undefined }

export const fieldId = (name: string): string => `f-${name}`

/** One field with its label, hint and correction; the input is described by both. */
export function drawField(asked: Asked, scene: Scene, filled: Filled): Html {
  const { field, name, error } = asked
  const id = fieldId(name)
  const hint = [field.hint, limitHint(field, scene)].filter((part) => part !== undefined).join(' ')
  const described = [hint === '' ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(
    (part) => part !== '',
  )
  const label = html`${field.label}${field.optional ? html` <span class="optional">(${scene.say.form.optional})</span>` : nothing}`
  const below = html`${hint === '' ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
${error === undefined ? nothing : html`<p class="error" id="${id}-error"><span aria-hidden="true">▲ </span>${error}</p>`}`
  const marks = html`${described.length > 0 ? html` aria-describedby="${described.join(' ')}"` : nothing}${error === undefined ? nothing : html` aria-invalid="true"`}`
  const kind = `field field-${field.kind}${error === undefined ? '' : ' wrong'}`
  const isGroup = field.kind === 'choice' || field.kind === 'choices' || field.kind === 'agree'
  const input = drawInput(asked, scene, filled, marks)
  if (isGroup && !isSelect(field))
    return html`<fieldset class="${kind}" data-field="${name}"${marks}><legend>${label}</legend>${below}${input}</fieldset>`
  return html`<div class="${kind}" data-field="${name}"><label for="${id}">${label}</label>${below}${input}</div>`
}

// A handful of answers is read at once; more are chosen from a list.
const isSelect = (field: Field): boolean => field.kind === 'choice' && field.options.length > 7

function limitHint(field: Field, scene: Scene): string | undefined {
  if (field.kind === 'file') return scene.say.form.files(most(field.max), LARGEST_FILE / 1024 / 1024)
  return undefined
}

const most = (max: number | undefined) => Math.min(max ?? MOST_FILES, MOST_FILES)

function drawInput(asked: Asked, scene: Scene, filled: Filled, marks: Html): Html {
  const { field, name } = asked
  const many = Array.isArray(asked.value) ? asked.value : asked.value === undefined ? [] : [asked.value]
  const one = many[0] ?? ''
  const needed = field.optional ? nothing : html` required`
  const head = html` id="${fieldId(name)}" name="e_${name}"${marks}${needed}`
  switch (field.kind) {
    case 'line':
      return html`<input type="text"${head} value="${one}" dir="auto" autocomplete="off"${counted(field.max)}${hinted(field.placeholder)}>`
    case 'lines':
      return html`<textarea${head} rows="4" dir="auto"${counted(field.max)}${hinted(field.placeholder)}>
${one}</textarea>`
    case 'number':
      return html`<input type="text" inputmode="numeric"${head} value="${one}" class="short" autocomplete="off">`
    case 'date':
      return html`<input type="date"${head} value="${one}" class="short"${bound('min', field.min)}${bound('max', field.max)}>`
    case 'choice':
      if (!isSelect(field)) return drawTicks('radio', name, field.options, [one])
      return html`<select${head}><option value="">${scene.say.form.choose}</option>${field.options.map((option) => drawOption(option, one))}</select>`
    case 'choices':
      return drawTicks('checkbox', name, field.options, many)
    case 'agree':
      return drawTicks('checkbox', name, [{ value: 'yes', label: field.statement }], many)
    case 'person':
      return drawPerson(asked, one, scene, filled, marks)
    case 'file':
      return drawFile(
        name,
        many,
        most(field.max) > 1,
        scene,
        filled,
        html` id="${fieldId(name)}" name="e_${name}"${marks}${checked(most(field.max), scene)}`,
      )
    default:
      return field satisfies never
  }
}

const counted = (max: number | undefined): Html => (max === undefined ? nothing : html` data-max="${max}"`)
const hinted = (placeholder: string | undefined): Html => (placeholder ? html` placeholder="${placeholder}"` : nothing)
const bound = (name: 'min' | 'max', day: string | undefined): Html =>
  day === undefined ? nothing : name === 'min' ? html` min="${day}"` : html` max="${day}"`

const drawOption = (option: Option, chosen: string): Html =>
  html`<option value="${option.value}"${option.value === chosen ? html` selected` : nothing}>${option.label}${option.hint ? html` · ${option.hint}` : nothing}</option>`

// The group's own id stands on its first box, so that a link from the summary of problems lands on it.
function drawTicks(
  type: 'radio' | 'checkbox',
  name: string,
  options: readonly Option[],
  chosen: readonly string[],
): Html {
  return html`<div class="ticks">${options.map((option, n) => {
    const id = n === 0 ? fieldId(name) : `${fieldId(name)}-${n}`
    const hint = option.hint ? html` aria-describedby="${id}-about"` : nothing
    return html`<div class="tick"><input type="${type}" id="${id}" name="e_${name}" value="${option.value}"${chosen.includes(option.value) ? html` checked` : nothing}${hint}><label for="${id}" dir="auto">${option.label}</label>${option.hint ? html`<span class="tick-hint" id="${id}-about" dir="auto">${option.hint}</span>` : nothing}</div>`
  })}</div>`
}

/** Without a script: type, search, choose from what was found. With one, the list follows the typing. */
function drawPerson({ name, field, error }: Asked, chosen: string, scene: Scene, filled: Filled, marks: Html): Html {
  const searched = filled.people?.[name]
  const found = searched ?? []
  const id = fieldId(name)
  const words = found.find((option) => option.value === chosen)?.label ?? filled.typed?.[name] ?? ''
  const list =
    found.length > 0
      ? html`<select name="e_${name}" aria-label="${field.label}" class="person-found" data-person-chosen><option value="">${scene.say.form.choose}</option>${found.map((option) => drawOption(option, chosen))}</select>`
      : html`<input type="hidden" name="e_${name}" value="${chosen}" data-person-chosen>`
  return html`<div class="person" data-person data-nobody="${scene.say.form.noMatch}" data-unknown="${scene.say.form.nobody}"><div class="person-search"><input type="search" id="${id}" name="q_${name}" value="${words}" autocomplete="off" dir="auto"${marks}><button class="button" name="search" value="${name}">${scene.say.form.search}</button></div>${list}${searched && found.length === 0 && error === undefined ? html`<p class="hint">${scene.say.form.noMatch}</p>` : nothing}</div>`
}

/** What the script asks of files before they are sent, and how it says so; {name} is the file's. */
function checked(most: number, { say: { form: say } }: Scene): Html {
  const tooLarge = `${say.tooLarge('{name}', LARGEST_FILE / 1024 / 1024)} ${say.restStays}`
  return html` data-largest="${LARGEST_FILE}" data-too-large="${tooLarge}" data-empty="${say.empty('{name}')}" data-most="${most}" data-fewer="${say.fewer(most)}"`
}

/** Where one file is asked for, the kept one is sent under a name of its own: it counts until another is chosen. */
function drawFile(
  name: string,
  ids: readonly string[],
  isMany: boolean,
  scene: Scene,
  filled: Filled,
  head: Html,
): Html {
  const { kept, keptOne } = scene.say.form
  const items = ids.map((id) => {
    const called = filled.files?.[id] ?? id
    return html`<li><label><input type="checkbox" name="${isMany ? 'e' : 'k'}_${name}" value="${id}" checked> ${isMany ? kept(called) : keptOne(called)}</label><input type="hidden" name="n_${id}" value="${called}"></li>`
  })
  return html`${items.length > 0 ? html`<ul class="kept" role="list">${items}</ul>` : nothing}<input type="file"${head}${isMany ? html` multiple` : nothing}>`
}
