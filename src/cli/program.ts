import { Command } from 'commander'
import { addBackup } from './backup.ts'
import { addCampaign } from './campaign.ts'
import { addDoctor } from './doctor.ts'
import { addImport } from './import.ts'
import { addManifest } from './manifest.ts'
import { addPeople } from './people.ts'
import { addSetup } from './setup.ts'

/** `countersign` with all its commands. A wrong call of any of them, and --help, throw a CommanderError. */
export function makeProgram(): Command {
  const program = new Command('countersign')
    .description('Runs an ISO/IEC 27001 information security management system in Slack, Teams and the browser.')
    .option('--json', 'answer as one JSON line on standard output')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or failed, 2 called wrongly, 3 done and something needs attention.',
    )
    .showHelpAfterError('(add --help for what this command takes)')
  for (const add of [addSetup, addDoctor, addImport, addPeople, addCampaign, addBackup, addManifest]) add(program)
  // exitOverride is per command and not inherited by those that were added already.
  for (const command of everyCommand(program)) command.exitOverride()
  return program
}

/** A command and all below it. */
export function* everyCommand(command: Command): Generator<Command> {
  yield command
  for (const inner of command.commands) yield* everyCommand(inner)
}
