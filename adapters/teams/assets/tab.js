// Finds the way into the desk: by single sign-on, by the single-use link of a deep link, or not at all.
const { app, authentication } = globalThis.microsoftTeams

/** Longer than any answer of Teams takes; somebody who reads a question of Teams meanwhile loads the tab again. */
const LATE_MS = 15_000

const inTime = (work) =>
  Promise.race([work, new Promise((_, late) => setTimeout(() => late(new Error('no answer')), LATE_MS))])

function show(name) {
  for (const part of document.querySelectorAll('[data-say]')) part.hidden = part.dataset.say !== name
  document.querySelector(`[data-say="${name}"] h1`).focus()
}

/** Teams says default, dark or contrast. */
const dress = (theme) => {
  document.documentElement.dataset.theme = theme
}

/** What came in last, in this browser's part of Teams: a link that is spent, and whose Teams it was. */
const KEPT = 'countersign-tab'
const last = () => JSON.parse(localStorage.getItem(KEPT) ?? '{}')
const keep = (link, user) => localStorage.setItem(KEPT, JSON.stringify({ link, user }))

/** A click of ours, so that the desk makes the session in this very frame. */
function enter(path) {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = path
  document.body.append(form)
  form.submit()
}

async function signOn(token, link) {
  const headers = { authorization: `Bearer ${token}`, ...(link ? { 'tab-link': link } : {}) }
  const response = await fetch('/teams/tab/enter', { method: 'POST', headers })
  return response.ok ? await response.json() : { refused: response.status }
}

async function begin() {
  try {
    await inTime(app.initialize())
  } catch {
    return show('away')
  }
  const { app: host, page, user } = await inTime(app.getContext())
  dress(host.theme)
  app.registerOnThemeChangeHandler(dress)
  const link = /^[\w-]{16,200}$/.test(page.subPageId ?? '') ? page.subPageId : undefined
  const token = await inTime(authentication.getAuthToken()).catch(() => undefined)
  const answer = token === undefined ? {} : await signOn(token, link)
  if (answer.enter) return enter(answer.enter)
  const { link: spent, user: before } = last()
  if (link && link !== spent) {
    keep(link, user?.id)
    return enter(`/enter/${link}`)
  }
  // Loaded again without single sign-on: the session that the link made goes on, for the same person of Teams.
  if (token === undefined && user?.id && user.id === before && (await fetch('/', { method: 'HEAD' })).ok)
    return location.replace('/')
  if (answer.refused === undefined) return show('chat')
  show(answer.refused < 500 ? 'outsider' : 'later')
}

for (const way of document.querySelectorAll('[data-chat]'))
  way.addEventListener('click', (event) => {
    event.preventDefault()
    void app.openLink(way.href)
  })

begin().catch(() => show('chat'))
