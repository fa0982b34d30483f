import { type Command, Option } from 'commander'
import { createAppUrl, slackManifest } from '../../manifest/slack.ts'
import { workflows } from '../workflows.ts'
import { answering } from './session.ts'

/** `manifest slack`: what Slack needs to know of the app, made from the workflows of this installation. */
export function addManifest(program: Command): void {
  const manifest = program.command('manifest').description('print what a platform needs to know of the app')
  manifest
    .command('slack')
    .description('the app manifest, for a public address or for Socket Mode')
    .addOption(new Option('--url <address>', 'public https address of this server').conflicts('socket'))
    .option('--socket', 'Socket Mode: no public address is needed (default)')
    .action((options: { url?: string }, command: Command) =>
      answering(command, async () => {
        const commands = workflows.flatMap((workflow) => workflow.commands)
        const made = slackManifest(
          commands,
          options.url === undefined ? { mode: 'socket' } : { mode: 'http', url: options.url },
        )
        return { text: JSON.stringify(made, null, 2), facts: { manifest: made, create: createAppUrl(made) } }
      }),
    )
}
