import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { identity } from '../../db/schema/people.ts'
import { teamsPackage } from '../../manifest/package.ts'
import { teamsManifest } from '../../manifest/teams.ts'
import type { TeamsConfig } from '../config-teams.ts'
import { DeliveryError, Refusal } from '../core/errors.ts'
import { newId, systemRandom } from '../core/id.ts'
import { matchWaiting } from '../core/introduce.ts'
import { silent } from '../core/log.ts'
import { personByEmail } from '../core/people.ts'
import type { Address, Ctx, Person } from '../core/workflow.ts'
import { workflows } from '../workflows.ts'
import { keepAddress } from './address.ts'
import { appoint, welcomeCard } from './administrator.ts'
import { withKeys } from './keys.ts'
import { type Answer, EXIT, type Session } from './session.ts'
import { addressOf, askForKeys, endpointAt, hasKeys, MISSING } from './setup-teams-keys.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)

type Options = { admin: string; name?: string; url?: string }

/** `setup teams --admin MAIL --url ADDRESS`: from nothing to the first message, step by step; can be called again at any time. */
export function addSetupTeams(setup: Command): void {
  setup
    .command('teams')
    .description(
      'register the bot, check its credential, make the app package, name the first administrator, send the first message',
    )
    .requiredOption('--admin <mail>', 'who runs the ISMS here: becomes the first administrator')
    .option('--name <name>', 'their name, when they are not in the register yet')
    .option('--url <address>', 'public https address of this server, which Teams calls; default: PUBLIC_URL')
    .action((options: Options, command: Command) =>
      withKeys(
        command,
        async () => {
          const url = addressOf(options.url)
          if (!options.admin.includes('@'))
            throw new Refusal(`${options.admin} is no mail address: write you@example.com.`)
          if (!hasKeys()) await askForKeys(url)
          if (!hasKeys()) throw new Refusal(MISSING)
          keepAddress(url)
        },
        (session) => connect(session, options),
      ),
    )
}

/** Steps 3 to 6: the credential, the app package, the first administrator, the first message. */
async function connect(session: Session, options: Options): Promise<Answer> {
  const { progress } = session
  const { teams: settings } = session.config
  if (!settings) throw new Refusal(MISSING)
  const url = addressOf(options.url)
  const name = await session.within((ctx) => nameOf(ctx, options))
  // Only here: loading it is a good part of the time that every other command takes to start.
  const { checkTeams } = await import('../../adapters/teams/check.ts')
  const problems = await checkTeams(settings)
  if (problems.length > 0) return { text: problems.join('\n'), facts: { problems }, code: EXIT.refused }
  progress('3. Entra accepts the credential of the bot.')
  progress(`4. ${makePackage(settings.appId, url)}`)
  progress('   To try it: Teams, Apps, Manage your apps, Upload an app. For everybody:')
  progress('   https://admin.teams.microsoft.com, Teams apps, Manage apps, Upload new app, then Setup policies.')
  const { person, address } = await session.within(async (ctx) => {
    const appointed = await appoint(ctx, options.admin, { name })
    // They may have written to the bot before the register knew them.
    await matchWaiting(ctx)
    return { person: appointed, address: await accountOf(ctx, appointed, settings) }
  })
  progress(`5. ${person.name} is the first administrator.`)
  if (options.name !== undefined && options.name.trim() !== person.name)
    progress('   The register knows them by that name already; --name changes nothing.')
  if (address) await welcome(session, settings, address)
  const facts = { endpoint: endpointAt(url), package: PACKAGE, administrator: person.id, sent: address !== undefined }
  return { text: address ? sent(person) : toCome(options.admin), facts }
}

/** The register's, or the one that was given: an address says nothing about what somebody is called. */
async function nameOf(ctx: Ctx, { admin, name }: Options): Promise<string> {
  const known = await personByEmail(ctx.db, admin)
  if (known) return known.name
  if (name === undefined)
    throw new Refusal(`Nobody in the register has the address ${admin}: say who it is with --name "First Last".`)
  const given = name.trim()
  if (given === '' || given.length > 200 || /\p{Cc}/u.test(given))
    throw new Refusal('--name is no name: write it as --name "First Last".')
  return given
}

const sent = ({ name }: Person): string =>
  `6. The first message is in ${name}'s chat. Start the product with: npm start`

/** Teams lets nobody be looked up by an address: an account is met when it comes to us. */
const toCome = (mail: string): string =>
  `6. Start the product with: npm start
   Then add Countersign in Teams, or write "inbox" to it, as ${mail}: with the first contact your account is linked by that
   address, and the answer is the first message. Add the app to a team, and everybody in it is linked the same way
   ("countersign people unlinked" lists whom it could not tell).`

const PACKAGE = 'countersign-teams.zip'

/** Made where it is not there yet. A file that holds something else (another version, single sign-on) is left as it is. */
function makePackage(appId: string, url: string): string {
  const bytes = teamsPackage(teamsManifest(commands, { appId, url }))
  if (!existsSync(PACKAGE)) writeFileSync(PACKAGE, bytes, { flag: 'wx' })
  else if (!readFileSync(PACKAGE).equals(bytes))
    return `${PACKAGE} is there and left as it is, though these settings make another ("manifest teams --out" does).`
  return `${PACKAGE} holds the app.`
}

/** Where somebody is reached; a guest's account runs no ISMS. */
async function accountOf(ctx: Ctx, of: Person, { tenantIds }: TeamsConfig): Promise<Address | undefined> {
  const isTheirs = and(
    eq(identity.platform, 'teams'),
    eq(identity.personId, of.id),
    eq(identity.state, 'linked'),
    eq(identity.guest, false),
    inArray(identity.tenant, [...tenantIds]),
  )
  const [found] = await ctx.db
    .select({ address: identity.address })
    .from(identity)
    .where(isTheirs)
    .orderBy(desc(identity.receives), desc(identity.linkedAt))
    .limit(1)
  return found?.address
}

async function welcome({ config, now }: Session, settings: TeamsConfig, address: Address): Promise<void> {
  const { teams } = await import('../../adapters/teams/index.ts')
  const desk = config.publicUrl === undefined ? {} : { desk: config.publicUrl }
  const platform = teams({ ...settings, ...desk }, { now, log: silent, random: systemRandom })
  const nonce = newId('msg', now(), systemRandom)
  try {
    await platform.deliver(address, welcomeCard(config.organisation, 'publish'), undefined, nonce)
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    throw new Refusal(
      `Teams did not take the first message (${error.message}): see that the app is installed for them, and call this again.`,
    )
  }
}
