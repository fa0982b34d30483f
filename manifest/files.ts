import { workflows } from '../src/workflows.ts'
import { slackManifest } from './slack.ts'
import { teamsManifest } from './teams.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)
const json = (manifest: unknown): string => `${JSON.stringify(manifest, null, 2)}\n`

/** The committed manifests by file name; addresses and the id of an app are the reader's to fill in. */
export const FILES: Readonly<Record<string, string>> = {
  'slack.http.json': json(slackManifest(commands, { mode: 'http', url: 'https://YOUR-HOST' })),
  'slack.socket.json': json(slackManifest(commands, { mode: 'socket' })),
  'teams.json': json(
    teamsManifest(commands, { appId: '00000000-0000-0000-0000-000000000000', url: 'https://your-host.example' }),
  ),
}
