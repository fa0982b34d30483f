import { all, make } from './dom.js'

// Letters that are not a base and a mark, as people type them who do not have them.
const TYPED = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' }

/** Without case and accents: who looks for Tomás types Tomas. */
export const bare = (text) =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[øłđðþßæœı]/g, (letter) => TYPED[letter])

/** An input with a list below it, as the ARIA combobox pattern has it. `find` answers [{ value, label, hint, group }]. */
export function searchable(input, find, choose, nobody = '') {
  const id = `${input.id}-choices`
  const list = make('ul', { className: 'choices', id, hidden: true })
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', input.labels?.[0]?.textContent ?? '')
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-controls': id, 'aria-autocomplete': 'list' }))
    input.setAttribute(name, value)
  input.setAttribute('aria-expanded', 'false')
  input.parentElement.append(list)
  let found = []
  let at = -1
  let asked = 0
  const show = (open) => {
    list.hidden = !open || list.childElementCount === 0
    input.setAttribute('aria-expanded', String(!list.hidden))
  }
  const mark = (n) => {
    at = n
    for (const [k, item] of all('[role=option]', list).entries()) {
      item.setAttribute('aria-selected', String(k === n))
      if (k === n) item.scrollIntoView({ block: 'nearest' })
    }
    if (n < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${id}-${n}`)
  }
  const search = async () => {
    const turn = ++asked
    const answer = await find(input.value.trim())
    if (turn !== asked) return
    // Whom an arrow has reached meanwhile stays reached: the answer to the last letter may come late.
    const reached = found[at]?.value
    found = answer
    let group
    list.replaceChildren()
    for (const [n, option] of found.entries()) {
      if (option.group !== group) {
        group = option.group
        list.append(make('li', { className: 'group', textContent: group, role: 'presentation' }))
      }
      const item = make('li', { id: `${id}-${n}`, textContent: option.label })
      item.setAttribute('role', 'option')
      if (option.hint) item.append(make('span', { className: 'about', textContent: ` · ${option.hint}` }))
      item.addEventListener('pointerdown', (event) => {
        event.preventDefault()
        take(n)
      })
      list.append(item)
    }
    const isNobody = nobody !== '' && found.length === 0 && input.value.trim() !== ''
    if (isNobody) list.append(make('li', { className: 'group', textContent: nobody, role: 'presentation' }))
    mark(found.findIndex((option) => option.value === reached))
    show(true)
  }
  const take = (n) => {
    const option = found[n]
    if (!option) return
    input.value = option.label
    show(false)
    choose(option)
  }
  input.addEventListener('input', search)
  input.addEventListener('focus', () => {
    input.select()
    if (input.dataset.open !== undefined) void search()
  })
  input.addEventListener('blur', () => show(false))
  input.addEventListener('keydown', (event) => {
    const last = found.length - 1
    if (event.key === 'ArrowDown' && list.hidden) void search()
    else if (event.key === 'ArrowDown') mark(at >= last ? 0 : at + 1)
    else if (event.key === 'ArrowUp') mark(at <= 0 ? last : at - 1)
    else if (event.key === 'Enter' && !list.hidden) take(Math.max(at, 0))
    else if (event.key === 'Escape' && !list.hidden) show(false)
    else return
    event.preventDefault()
  })
}
