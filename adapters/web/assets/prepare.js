import { all, make, one } from './dom.js'
import { bare, searchable } from './search.js'

/** One sentence at its field, as the server draws it. */
function refuse(input, sentence) {
  const field = input.closest('.field')
  const id = `${input.id}-error`
  one('.error', field)?.remove()
  const sign = make('span', { textContent: '▲ ' })
  sign.setAttribute('aria-hidden', 'true')
  const error = make('p', { className: 'error', id, role: 'alert' }, sign, sentence)
  ;(one('[data-person], .kept', field) ?? input).before(error)
  field.classList.add('wrong')
  input.setAttribute('aria-invalid', 'true')
  input.setAttribute('aria-describedby', one('.hint', field)?.id ? `${input.id}-hint ${id}` : id)
  input.focus()
}

function preparePerson(field) {
  const input = one('input[type=search]', field)
  const before = one('[data-person-chosen]', field)
  const chosen = make('input', { type: 'hidden', name: before.name, value: before.value })
  before.replaceWith(chosen)
  one('button[name=search]', field).hidden = true
  input.addEventListener('input', () => {
    chosen.value = ''
  })
  // A name that means nobody yet is not left out silently: the form is not sent.
  input.form.addEventListener('submit', (event) => {
    if (chosen.value !== '' || input.value.trim() === '') return
    event.preventDefault()
    event.stopPropagation()
    refuse(input, field.dataset.unknown)
  })
  const find = async (typed) => {
    if (typed === '') return []
    return (await fetch(`/options?field=person&q=${encodeURIComponent(typed)}`)).json()
  }
  const choose = (option) => {
    chosen.value = option.value
  }
  searchable(input, find, choose, field.dataset.nobody)
}

function prepareSeats(form) {
  const select = one('select', form)
  const people = all('option', select).map((option) => ({
    value: option.value,
    label: option.textContent,
    group: option.parentElement.label,
  }))
  const input = make('input', { type: 'search', id: 'seat-search', placeholder: form.dataset.placeholder })
  input.setAttribute('aria-label', one('label', form).textContent)
  input.autocomplete = 'off'
  input.dataset.open = ''
  select.after(input)
  select.hidden = true
  one('button', form).hidden = true
  const find = (typed) => {
    const words = bare(typed).split(/\s+/)
    return people.filter((person) => {
      const text = bare(`${person.label} ${person.group}`)
      return words.every((word) => text.includes(word))
    })
  }
  searchable(input, find, (person) => {
    select.value = person.value
    form.requestSubmit()
  })
}

function prepareCounter(input) {
  const max = Number(input.dataset.max)
  const counter = make('p', { className: 'counter' })
  counter.setAttribute('aria-live', 'polite')
  const count = () => {
    const left = max - input.value.length
    counter.textContent = left > max / 5 ? '' : `${left}`
    counter.classList.toggle('over', left < 0)
  }
  input.addEventListener('input', count)
  input.after(counter)
  count()
}

/** Where one file is asked for, another one takes the place of the one that is attached. */
function prepareOneFile(input) {
  input.addEventListener('change', () => {
    for (const kept of all('.kept input', input.closest('.field'))) kept.checked = input.files.length === 0
  })
}

/** A file that would not be taken is not sent at all. */
function prepareFiles(input) {
  const { largest, tooLarge, empty, most, fewer } = input.dataset
  const wrongIn = (files) => {
    if (files.length > Number(most)) return fewer
    const wrong = files.find(({ size }) => size === 0 || size > Number(largest))
    return wrong && (wrong.size === 0 ? empty : tooLarge).replace('{name}', () => wrong.name)
  }
  input.form.addEventListener('submit', (event) => {
    const sentence = wrongIn([...input.files])
    if (sentence === undefined) return
    event.preventDefault()
    event.stopPropagation()
    refuse(input, sentence)
  })
}

/** Makes lists searchable, long answers counted, files fit and one file one file, wherever new content came in. */
export function prepare(within) {
  for (const field of all('[data-person]', within)) preparePerson(field)
  for (const form of all('[data-seats]', within)) prepareSeats(form)
  for (const input of all('[data-max]', within)) prepareCounter(input)
  for (const input of all('input[type=file]', within)) prepareFiles(input)
  for (const input of all('input[type=file]:not([multiple])', within)) prepareOneFile(input)
}
