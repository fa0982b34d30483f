// Small words for the document.
export const one = (selector, within = document) => within.querySelector(selector)
export const all = (selector, within = document) => [...within.querySelectorAll(selector)]
export const make = (tag, marks = {}, ...inner) => {
  const made = Object.assign(document.createElement(tag), marks)
  made.append(...inner)
  return made
}
export const parse = (source) => new DOMParser().parseFromString(source, 'text/html')

/** The words of this page's language, drawn by the server. */
export const words = () => one('[data-notices]').dataset

/** The same source but for the keys of its buttons, which are new each time. */
export const plain = (source) =>
  source.replace(/name="key" value="[^"]*"/g, '').replace(/ class="[^"]*fresh[^"]*"/g, '')

/** One sentence at the edge of the page, or in the dialog that lies over it; for those who hear it too. */
export function tell(said) {
  const notice = typeof said === 'string' ? make('div', {}, make('p', { textContent: said })) : said
  notice.className = 'say'
  const dialog = one('dialog[open]')
  if (dialog) {
    one(':scope > .say', dialog)?.remove()
    return dialog.prepend(notice)
  }
  notice.removeAttribute('role')
  one('[data-notices]').replaceChildren(notice)
  setTimeout(() => notice.remove(), 6000 + 60 * notice.textContent.length)
}
