import type { Command } from 'commander'
import { Refusal } from '../core/errors.ts'
import { isId } from '../core/id.ts'
import { personByEmail } from '../core/people.ts'
import { linkIdentity, unlinked } from '../home/linking.ts'
import { withSession } from './session.ts'

/** `people unlinked` and `people link`: accounts that a person has to decide about. */
export function addPeople(program: Command): void {
  const people = program.command('people').description('accounts and the people they belong to')

  people
    .command('unlinked')
    .description('list accounts that could not be matched, or match more than one thing')
    .action((_options, command: Command) =>
      withSession(command, async ({ within }) => {
        const accounts = await within((ctx) => unlinked(ctx))
        const lines = accounts.map(
          (one) =>
            `${one.id}  ${one.platform}  ${one.state}  ${one.displayName ?? ''}  ${one.email ?? 'no verified address'}`,
        )
        return {
          text: lines.length === 0 ? 'Every account is linked.' : lines.join('\n'),
          facts: { unlinked: accounts },
        }
      }),
    )

  people
    .command('link')
    .description('link an account to a person of the register')
    .argument('<account>', 'the id that `people unlinked` shows (idn_…)')
    .argument('<mail>', "the person's mail address in the register")
    .action((account: string, mail: string, _options, command: Command) =>
      withSession(command, async ({ within }) => {
        if (!isId('idn', account as unknown))
          throw new Refusal(
            `${account.slice(0, 40)} is no account id: copy one (idn_…) from "countersign people unlinked".`,
          )
        const person = await within(async (ctx) => {
          const found = await personByEmail(ctx.db, mail)
          if (!found) throw new Refusal(`Nobody active has the address ${mail}: check it, or import people first.`)
          return linkIdentity(ctx, account, found.id)
        })
        return { text: `Linked to ${person.name}.`, facts: { linked: { account, person: person.id } } }
      }),
    )
}
