import { all, make, one } from './dom.js'
import { searchable } from './search.js'

function preparePerson(field) {
  const input = one('input[type=search]', field)
  const before = one('[data-person-chosen]', field)
  const chosen = make('input', { type: 'hidden', name: before.name, value: before.value })
  before.replaceWith(chosen)
  one('button[name=search]', field).hidden = true
  input.addEventListener('input', () => {
    chosen.value = ''
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
    const words = typed.toLowerCase().split(/\s+/)
    return people.filter((person) => {
      const text = `${person.label} ${person.group}`.toLowerCase()
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

/** Makes lists searchable and long answers counted, wherever new content came in. */
export function prepare(within) {
  for (const field of all('[data-person]', within)) preparePerson(field)
  for (const form of all('[data-seats]', within)) prepareSeats(form)
  for (const input of all('[data-max]', within)) prepareCounter(input)
}
