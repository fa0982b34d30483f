#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addBackup } from './backup.ts'
import { addCampaign } from './campaign.ts'
import { addDoctor } from './doctor.ts'
import { addImport } from './import.ts'
import { addManifest } from './manifest.ts'
import { addPeople } from './people.ts'
import { EXIT } from './session.ts'
import { addSetup } from './setup.ts'

const program = new Command('countersign')
  .description('Runs an ISO/IEC 27001 information security management system in Slack, Teams and the browser.')
  .option('--json', 'answer as one JSON line on standard output')
  .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 called wrongly, 3 done and something needs attention.')
  .showHelpAfterError('(add --help for what this command takes)')
  .exitOverride()

addSetup(program)
addDoctor(program)
addImport(program)
addPeople(program)
addCampaign(program)
addBackup(program)
addManifest(program)

// exitOverride is per command: a wrong call of any of them ends with 2.
for (const command of walk(program)) command.exitOverride()

function* walk(command: Command): Generator<Command> {
  for (const inner of command.commands) {
    yield inner
    yield* walk(inner)
  }
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
})
