import type { Json } from './teams-cards.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>')

/** The words as they were typed, and once more as HTML, as Teams attaches it to every message. */
export const written = (words: string, mention?: string): Json => ({
  type: 'message',
  text: mention ? `${mention} ${words}` : words,
  textFormat: 'plain',
  attachments: [
    {
      contentType: 'text/html',
      content: `<p>${mention ? `<span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">Countersign</span>&nbsp;` : ''}${escaped(words)}</p>`,
    },
  ],
})

/** A message as a message action carries it; anything of it may be given. */
export const carried = (message: Json, now: Date): Json => ({
  id: String(now.getTime()),
  replyToId: null,
  createdDateTime: now.toISOString(),
  lastModifiedDateTime: null,
  deleted: false,
  subject: null,
  summary: null,
  importance: 'normal',
  locale: 'en-us',
  linkToMessage: `https://teams.microsoft.com/l/message/19:general@thread.tacv2/${now.getTime()}`,
  from: {
    device: null,
    conversation: null,
    user: { userIdentityType: 'aadUser', id: '7ea1157a-0000-4000-8000-00000000c011', displayName: 'A Colleague' },
    application: null,
  },
  body: { contentType: 'html', content: '<div>I lost my laptop</div>' },
  attachments: [],
  mentions: [],
  reactions: [],
  ...message,
})
