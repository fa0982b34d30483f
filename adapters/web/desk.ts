import type { Card } from '../../src/core/view.ts'
import { drawGuide, hiddenOf } from './banner.ts'
import { drawChat, drawComposer } from './chat.ts'
import type { Seat } from './demo.ts'
import { drawCard } from './encode.ts'
import { type Html, html, nothing } from './html.ts'
import { MOST_MESSAGES } from './limits.ts'
import { drawPage } from './page.ts'
import { sendPage } from './respond.ts'
import type { Scene } from './scene.ts'
import { drawSeats } from './seats.ts'
import { actorOf, LOOKS } from './sessions.ts'
import { type Signed, sceneOf } from './visit.ts'

const PICTURE = 'home.dashboard'
const INBOX = 'home.inbox'

/** The split desk: the person's chat on the left, the security lead's live picture on the right. */
export async function showDesk(visit: Signed): Promise<void> {
  const { desk, visitor, say } = visit
  const demo = desk.config.demo
  // Without a demo nothing is delivered here: people chat in Slack or Teams, and the desk shows what waits.
  const isInbox = demo === undefined || visit.url.searchParams.get('view') === 'inbox'
  const back = demo && isInbox ? '/?view=inbox' : '/'
  const scene = sceneOf(visit, { back }, 3)
  const [left, picture, guide, seats] = await Promise.all([
    isInbox ? drawInbox(visit, scene) : drawMessages(visit, scene),
    pictureFor(visit),
    demo ? drawGuide(visit, demo) : nothing,
    demo?.seats(),
  ])
  const body = html`<h1 class="unseen">${say.nav.desk}</h1>${guide}
<div class="split${picture ? '' : ' alone'}"><section class="pane chat" data-look="${visitor.look}" aria-label="${say.chat.name(visitor.name)}">
<header class="pane-head">${seats ? drawSeats(visit, seats) : html`<p class="who" dir="auto">${visitor.name}</p>`}${demo ? drawViews(visit, isInbox) : nothing}</header>
${left}${drawComposer(visit)}${demo ? drawLooks(visit, back) : nothing}</section>
${picture ? drawPicture(visit, picture, scene) : nothing}</div>`
  sendPage(visit.response, await drawPage(visit, { title: say.nav.desk, body, place: 'desk', wide: true }))
}

async function drawMessages(visit: Signed, scene: Scene): Promise<Html> {
  return drawChat(visit, await visit.desk.core.delivered(visit.visitor.actor, MOST_MESSAGES), scene)
}

async function drawInbox(visit: Signed, scene: Scene): Promise<Html> {
  const card = await visit.desk.core.card(INBOX, undefined, visit.visitor.actor)
  return html`<div class="log log-inbox" data-region="inbox"><div data-slot>${drawCard(card, scene, { name: INBOX })}</div></div>`
}

function drawViews(visit: Signed, isInbox: boolean): Html {
  const { say } = visit
  const tab = (path: string, label: string, isHere: boolean) =>
    html`<li><a href="${path}"${isHere ? html` aria-current="page"` : nothing}>${label}</a></li>`
  return html`<nav class="views" aria-label="${say.chat.views}"><ul role="list">${tab('/', say.chat.messages, !isInbox)}${tab('/?view=inbox', say.chat.inbox, isInbox)}</ul></nav>`
}

function drawLooks(visit: Signed, back: string): Html {
  const { say, visitor } = visit
  return html`<form class="looks" method="post" action="/look" role="group" aria-label="${say.look.name}" data-looks>${hiddenOf(visit)}<input type="hidden" name="to" value="${back}">${LOOKS.map((look) => html`<button class="look" name="look" value="${look}" aria-pressed="${look === visitor.look ? 'true' : 'false'}">${say.look[look]}</button>`)}</form>`
}

/** `lead`: in the demo, whose picture it is. It is shown to everybody, and acts at their own seat only. */
type Picture = { card: Card; lead?: Seat }

function drawPicture(visit: Signed, picture: Picture, scene: Scene): Html {
  const { say, visitor } = visit
  const other = picture.lead?.id === visitor.actor.user ? undefined : picture.lead
  return html`<section class="pane picture" aria-labelledby="picture-name" data-test="picture"><header class="pane-head"><h2 id="picture-name">${picture.lead ? say.picture.name : say.picture.own}</h2><p class="live"><span class="live-dot" aria-hidden="true"></span>${picture.lead ? say.picture.seenBy(picture.lead.name) : say.picture.live}</p>${other ? drawWayTo(visit, other) : nothing}</header>
<div class="picture-body" data-region="picture"><div data-slot>${drawCard(picture.card, { ...scene, readOnly: other !== undefined }, { name: PICTURE })}</div></div></section>`
}

const drawWayTo = (visit: Signed, { id, name }: Seat): Html =>
  html`<form class="way" method="post" action="/seat">${hiddenOf(visit)}<input type="hidden" name="person" value="${id}"><button class="button button-small">${visit.say.picture.sit(name)}</button></form>`

/** In the demo as the lead sees it; otherwise as this person may see it, or not at all. */
async function pictureFor({ desk, visitor }: Signed): Promise<Picture | undefined> {
  const { demo } = desk.config
  const lead = demo ? (await demo.seats()).find((seat) => seat.lead) : undefined
  const card = await desk.core.card(PICTURE, undefined, lead ? actorOf(lead.id) : visitor.actor)
  // A title and nothing else: not for this person (T20).
  return card.blocks.length === 0 ? undefined : { card, lead }
}
