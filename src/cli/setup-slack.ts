import type { Command } from 'commander'
import { checkSlack, findByEmail, members } from '../../adapters/slack/check.ts'
import { botScopes, createAppUrl, slackManifest } from '../../manifest/slack.ts'
import type { SlackConfig } from '../config.ts'
import { Refusal } from '../core/errors.ts'
import { newId, systemRandom } from '../core/id.ts'
import { introduce } from '../core/introduce.ts'
import { silent } from '../core/log.ts'
import { workflows } from '../workflows.ts'
import { keepAddress, publicAddress } from './address.ts'
import { makeAdministrator, welcomeCard } from './administrator.ts'
import { keep, setting } from './dotenv.ts'
import { ask, type Key, say, withKeys } from './keys.ts'
import { type Answer, config, EXIT, type Session } from './session.ts'

const commands = workflows.flatMap((workflow) => workflow.commands)

/** `setup slack --admin MAIL`: from nothing to the first direct message, step by step; can be called again at any time. */
export function addSetupSlack(setup: Command): void {
  setup
    .command('slack')
    .description(
      'make the app, check keys and scopes, link people, name the first administrator, send the first message',
    )
    .requiredOption(
      '--admin <mail>',
      'who runs the ISMS here: becomes the first administrator and gets the first message',
    )
    .option('--url <address>', 'public https address of this server; without it Socket Mode is used')
    .action((options: { admin: string; url?: string }, command: Command) =>
      withKeys(
        command,
        async () => {
          if (options.url !== undefined) publicAddress(options.url)
          if (!hasKeys()) await askForKeys(options.url)
          if (!hasKeys()) throw new Refusal(MISSING)
          if (options.url !== undefined) keepAddress(options.url)
        },
        (session) => connect(session, options.admin),
      ),
    )
}

const MISSING =
  'The keys of the Slack app are missing: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, and call this again.'

const hasKeys = (): boolean => {
  try {
    return config().slack !== undefined
  } catch {
    return (process.env.SLACK_BOT_TOKEN ?? '') !== ''
  }
}

/** Steps 1 and 2: the app is made from our manifest in Slack, and its keys are copied into .env. */
async function askForKeys(url: string | undefined): Promise<void> {
  const manifest = slackManifest(commands, url === undefined ? { mode: 'socket' } : { mode: 'http', url })
  say('1. Make the app: open this address, choose your workspace, and confirm twice.')
  say(`   ${createAppUrl(manifest)}`)
  say(`   (the same manifest: npm run -s countersign -- manifest slack ${url ? `--url ${url}` : '--socket'})`)
  say('2. Install it to the workspace, then copy the keys.')
  const wanted: Key[] = [
    ['SLACK_BOT_TOKEN', 'OAuth & Permissions → Bot User OAuth Token (xoxb-…)'],
    url === undefined
      ? ['SLACK_APP_TOKEN', 'Basic Information → App-Level Tokens → Generate, with connections:write (xapp-…)']
      : ['SLACK_SIGNING_SECRET', 'Basic Information → App Credentials → Signing Secret'],
  ]
  const keys = wanted.filter(([name]) => setting(name) === undefined)
  if (!process.stdin.isTTY)
    say(`   Set ${keys.map(([name]) => name).join(' and ')} in the environment or in .env, and call this again.`)
  else {
    const given = await ask(keys)
    keep({ ...given, ...(url === undefined || setting('PUBLIC_URL') !== undefined ? {} : { PUBLIC_URL: url }) })
  }
}

/** Steps 3 to 6: keys and scopes, people, the first administrator, the first message. */
async function connect(session: Session, admin: string): Promise<Answer> {
  const { progress } = session
  const settings = session.config.slack
  if (!settings) throw new Refusal(MISSING)
  const its = adapterConfig(settings)
  const check = await checkSlack(its, botScopes)
  if (check.problems.length > 0) return { text: check.problems.join('\n'), facts: check, code: EXIT.refused }
  progress(`3. Connected to ${check.team?.name} as ${check.bot?.name}; all ${botScopes.length} scopes are there.`)
  const found = await findByEmail(its, admin)
  if (!found)
    throw new Refusal(
      `Nobody in this workspace has the confirmed address ${admin}: check the spelling, or invite them first.`,
    )
  const person = await session.within((ctx) => makeAdministrator(ctx, found.actor, found.profile, admin))
  progress(`4. ${person.name} is the first administrator.`)
  const counts: Record<string, number> = { linked: 0, unmatched: 0, ambiguous: 0, refused: 0 }
  for await (const { actor, profile } of members(its)) {
    const state = await introduce(session.installation.db, actor, profile, session.now(), systemRandom)
    counts[state] = (counts[state] ?? 0) + 1
  }
  progress(
    `5. People matched by confirmed address: ${counts.linked} linked, ${counts.unmatched} not in the register, ${counts.ambiguous} ambiguous ("countersign people unlinked" lists them).`,
  )
  // Only here: loading it is a good part of the time that every other command takes to start.
  const { slack } = await import('../../adapters/slack/index.ts')
  const platform = slack(its, { now: session.now, log: silent, random: systemRandom })
  await platform.deliver(
    found.actor.address,
    welcomeCard(session.config.organisation, '/isms publish'),
    undefined,
    newId('msg', session.now(), systemRandom),
  )
  return {
    text: `6. The first message is in ${person.name}'s chat. Start the product with: npm start`,
    facts: { team: check.team, bot: check.bot, administrator: person.id, accounts: counts, sent: true },
  }
}

export const adapterConfig = ({ botToken, signingSecret, appToken, teamIds, apiUrl }: SlackConfig) => ({
  botToken,
  teamIds,
  ...(signingSecret ? { signingSecret } : {}),
  ...(appToken ? { appToken } : {}),
  ...(apiUrl ? { apiUrl } : {}),
})
