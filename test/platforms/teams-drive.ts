import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Json } from './teams-cards.ts'
import type { Answer, TeamsPerson } from './teams-person.ts'
import type { Posted } from './teams-stand-in.ts'

/** Where a tenant keeps its people's files. */
export const DRIVE = 'https://contoso-my.sharepoint.com'

type Behaviour = { status?: number; location?: string; bytes?: Uint8Array; unmeasured?: true; hang?: true }

/**
 * People's OneDrive on loopback: files behind addresses that carry their own permission, and rooms that take a file in
 * one piece. It says what was asked of it, and with which bearer.
 */
export function makeDrive() {
  const places = new Map<string, Behaviour>()
  const rooms = new Map<string, Uint8Array>()
  const calls: { method: string; path: string; bearer?: string }[] = []
  const asked = new Map<string, () => void>()
  let made = 0

  const there = (kind: string, how: Behaviour): string => {
    const path = `/personal/${kind}-${++made}?tempauth=v1.${made}`
    places.set(path, how)
    return `${DRIVE}${path}`
  }

  function send(response: ServerResponse, { status = 200, location, bytes, unmeasured, hang }: Behaviour): void {
    if (hang) return
    const head = { ...(location ? { location } : {}), 'content-type': 'application/octet-stream' }
    // Without a length the receiver has to count for itself.
    response.writeHead(status, { ...head, ...(unmeasured || !bytes ? {} : { 'content-length': bytes.length }) })
    response.end(bytes)
  }

  /** What is there, or how an upload went. */
  function meant(method: string, path: string, range: string | undefined, body: Buffer): Behaviour {
    const how = places.get(path) ?? { status: 404 }
    if (method !== 'PUT' || how.status !== undefined || how.hang) return how
    if (range !== `bytes 0-${body.length - 1}/${body.length}`) return { status: 400 }
    rooms.set(path, body)
    return { status: 201 }
  }

  return {
    rooms,
    calls,
    /** A file that somebody has there; the answer is its download address. */
    file: (bytes: Uint8Array | string, how: Behaviour = {}): string =>
      there('file', { ...how, bytes: Buffer.from(bytes) }),
    /** What answers a download like that. */
    broken: (how: Behaviour): string => there('broken', how),
    /** What the client made room for: an upload session, and where the file will stand. */
    room: (name: string, how: Behaviour = {}): Json => ({
      uploadUrl: there('room', how),
      contentUrl: `${DRIVE}/personal/documents/${encodeURIComponent(name)}`,
      name,
      uniqueId: '1150D938-8870-4044-9F2C-5BBDEBA70C9D',
      fileType: name.split('.').at(-1),
      etag: '"1"',
    }),
    /** Resolves when that address is asked for. */
    reached: (address: string): Promise<void> =>
      new Promise((tell) => {
        asked.set(address.slice(DRIVE.length), tell)
      }),

    answer(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
      const path = url.pathname.slice('/drive'.length) + url.search
      const { method = 'GET', headers } = request
      calls.push({ method, path, ...(headers.authorization ? { bearer: headers.authorization } : {}) })
      asked.get(path)?.()
      send(response, meant(method, path, headers['content-range'], body))
    },
  }
}

export type Drive = ReturnType<typeof makeDrive>

/** Sends files to the bot, and words beside them, as Teams hands them over. */
export function sendFiles(
  person: TeamsPerson,
  files: readonly { name: string; url: string }[],
  words = '',
  more: readonly Json[] = [],
): Promise<Answer> {
  const attachments = [
    ...files.map(({ name, url }) => ({
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      contentUrl: `${DRIVE}/personal/documents/${encodeURIComponent(name)}`,
      name,
      content: { downloadUrl: url, uniqueId: '1150D938-8870-4044-9F2C-5BBDEBA70C9D', fileType: name.split('.').at(-1) },
    })),
    ...more,
    // The text once more, as Teams does.
    ...(words === '' ? [] : [{ contentType: 'text/html', content: `<p>${words}</p>` }]),
  ]
  return person.send({ ...person.common(), type: 'message', textFormat: 'plain', text: words, attachments })
}

const CONSENT = 'application/vnd.microsoft.teams.card.file.consent'

/** The question for a file that a message asks. */
export function consentIn({ activity }: Posted): Json | undefined {
  const [attachment] = (activity.attachments ?? []) as Json[]
  return attachment?.contentType === CONSENT ? attachment : undefined
}

/** Answers a question for a file; `context` is what a client may have changed. */
export function consent(
  person: TeamsPerson,
  question: Posted,
  room: Json | undefined,
  context?: Json,
): Promise<Answer> {
  const content = consentIn(question)?.content as Json | undefined
  const asked = room ? content?.acceptContext : content?.declineContext
  return person.send({
    ...person.common(),
    type: 'invoke',
    name: 'fileConsent/invoke',
    replyToId: question.id,
    value: {
      type: 'fileUpload',
      action: room ? 'accept' : 'decline',
      context: context ?? asked,
      ...(room ? { uploadInfo: room } : {}),
    },
  })
}
