// Finds the way into the desk: by single sign-on, by the session that is there, or by the door of a deep link. Anybody can
// send a deep link, so that by itself this page never uses up the single-use link in one: the door says whose desk it
// opens, and waits for a click (T42).
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

/** Who was in front of Teams when somebody last came in here, in this browser's part of it; nobody, if that is unsure. */
const KEPT = 'countersign-tab'
const keep = (user) => localStorage.setItem(KEPT, user ?? '')
const isSame = (user) => Boolean(user) && user === localStorage.getItem(KEPT)

/** A click of ours, for whom single sign-on just vouched, so that the desk makes the session in this very frame. */
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

const isOpen = async (path) => (await fetch(path, { method: 'HEAD' })).ok

async function begin() {
  try {
    await inTime(app.initialize())
  } catch {
    return show('away')
  }
  const { app: host, page, user } = await inTime(app.getContext())
  dress(host.theme)
  app.registerOnThemeChangeHandler(dress)
  // As isToken of src/core/doors.ts.
  const link = /^[\w-]{16,200}$/.test(page.subPageId ?? '') ? page.subPageId : undefined
  const token = await inTime(authentication.getAuthToken()).catch(() => undefined)
  const answer = token === undefined ? {} : await signOn(token, link)
  // Whoever is refused uses no link: theirs it cannot be.
  if (answer.refused < 500) return show('outsider')
  const hasSession = await isOpen('/')
  // A session of somebody else stays until a new one takes its place, and whether that came to pass is not known here.
  const next = hasSession && !isSame(user?.id) ? undefined : user?.id
  if (answer.enter) {
    keep(next)
    return enter(answer.enter)
  }
  if (hasSession && next) return location.replace('/')
  if (link && (await isOpen(`/enter/${link}`))) {
    keep(next)
    return location.replace(`/enter/${link}`)
  }
  show(answer.refused === undefined ? 'chat' : 'later')
}

for (const way of document.querySelectorAll('[data-chat]'))
  way.addEventListener('click', (event) => {
    event.preventDefault()
    void app.openLink(way.href)
  })

begin().catch(() => show('chat'))
