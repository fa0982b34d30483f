import { answering } from '../../src/core/answering.ts'
import { TooLarge } from '../../src/core/body.ts'
import { fileName } from '../../src/core/file-name.ts'
import { LARGEST_FILE } from '../../src/core/files.ts'
import { faultOf } from '../../src/core/log.ts'
import { md, plain, type Text } from '../../src/core/md.ts'
import { EmptyFile } from '../../src/core/uploads.ts'
import type { Block, Card, Form } from '../../src/core/view.ts'
import type { Actor, Core, Upload } from '../../src/core/workflow.ts'
import type { Activity } from './activity.ts'
import { keyOf } from './decode.ts'
import { drawMessage, drawSaid } from './encode.ts'
import { type Sent, type Store, sentIn } from './files.ts'
import type { Lanes } from './lanes.ts'
import { MOST_FILES } from './limits.ts'
import type { ShowDeps } from './show.ts'
import { text } from './text.ts'

type Deps = Pick<ShowDeps, 'core' | 'post' | 'pen' | 'log'> & { store: Store; lanes: Lanes }

/** Whom we know is shown their inbox; asking for it is how somebody is met, or told why not. */
const INBOX = 'home.inbox'

/**
 * Files that somebody sent to us: kept for an hour, and offered by the next form that takes one. Nothing is fetched for
 * people who are not ours. The answer is whether there was anything, and whether it was for us to take.
 */
export function makeBring({ core, post, pen, log, store, lanes }: Deps) {
  const turn = answering(core, log, { event: 'teams.turn', words: text('en').failed })
  const say = text('en').brought

  async function keep(file: Sent, by: Actor): Promise<{ kept: Text } | { failed: Text }> {
    const name = fileName(file.name)
    try {
      const { bytes, type } = await store.fetch(file.url)
      await core.keep({ type, bytes, name }, by)
      return { kept: md`**${name}** · ${say.size(bytes.length)}` }
    } catch (error) {
      log.warn(faultOf(error), 'teams.file')
      if (error instanceof TooLarge) return { failed: say.tooLarge(name, LARGEST_FILE / 1024 / 1024) }
      return { failed: error instanceof EmptyFile ? say.empty(name) : say.failed(name) }
    }
  }

  async function takeIn(files: readonly Sent[], pictures: number, by: Actor): Promise<Card> {
    const kept: Text[] = []
    const failed: Text[] = []
    for (const file of files.slice(0, MOST_FILES)) {
      const one = await keep(file, by)
      if ('kept' in one) kept.push(one.kept)
      else failed.push(one.failed)
    }
    if (files.length > MOST_FILES) failed.push(plain(say.tooMany(MOST_FILES)))
    if (pictures > 0) failed.push(plain(say.picture))
    return broughtCard(kept, failed)
  }

  return {
    /** Whether there is anything to take in. */
    has: (activity: Activity): boolean => {
      const { files, pictures } = sentIn(activity)
      return files.length + pictures > 0
    },
    /** false: not somebody of ours, who was told so. */
    async take(activity: Activity, by: Actor): Promise<boolean> {
      const { files, pictures } = sentIn(activity)
      const { card, say: words } = await turn({ key: `${keyOf(activity)}:files`, by, do: INBOX, origin: 'message' })
      const answer = card
        ? drawMessage(await lanes(by, () => takeIn(files, pictures, by)), pen())
        : drawSaid(words ?? plain(text('en').failed), pen())
      await post.to(by.address, answer).catch((error: unknown) => log.warn(faultOf(error), 'teams.call'))
      return card !== undefined
    },
  }
}

/** What was kept by its name, what was not and what to do about it, and the way on. */
function broughtCard(kept: Text[], failed: Text[]): Card {
  const { brought: say } = text('en')
  const blocks: Block[] = [
    ...(kept.length > 0 ? [{ kind: 'list' as const, items: kept }] : []),
    ...failed.map((words): Block => ({ kind: 'text', text: words })),
    ...(kept.length > 0 ? [{ kind: 'text' as const, text: plain(say.offered), tone: 'muted' as const }] : []),
    { kind: 'buttons', buttons: [{ label: say.inbox, do: INBOX }] },
  ]
  return { title: kept.length > 0 ? say.kept(kept.length) : say.notKept, blocks }
}

/** What a form with a field for files is drawn with. */
export async function uploadsFor(core: Pick<Core, 'uploads'>, form: Form, by: Actor): Promise<Upload[]> {
  const takesFiles = Object.values(form.fields).some((field) => field.kind === 'file')
  return takesFiles ? core.uploads(by).catch(() => []) : []
}
