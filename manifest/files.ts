import { workflows } from '../src/workflows.ts'
import { slackManifest } from './slack.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)
const json = (manifest: unknown): string => `${JSON.stringify(manifest, null, 2)}\n`

/** The committed manifests by file name; the web address in one of them is the reader's to fill in. */
export const FILES: Readonly<Record<string, string>> = {
  'slack.http.json': json(slackManifest(commands, { mode: 'http', url: 'https://YOUR-HOST' })),
  'slack.socket.json': json(slackManifest(commands, { mode: 'socket' })),
}
