import type { Command } from 'commander'
import { addSetupSlack } from './setup-slack.ts'
import { addSetupTeams } from './setup-teams.ts'

/** `setup slack`, `setup teams`: from nothing to the first message, step by step; can be called again at any time. */
export function addSetup(program: Command): void {
  const setup = program.command('setup').description('connect a chat platform, step by step')
  addSetupSlack(setup)
  addSetupTeams(setup)
}
