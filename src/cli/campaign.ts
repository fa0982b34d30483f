import { type Command, InvalidArgumentError, Option } from 'commander'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { campaign } from '../../db/schema/campaigns.ts'
import { type Audience, policy, policyVersion } from '../../db/schema/policies.ts'
import { progressOf, stopCampaign } from '../core/campaigns.ts'
import { Refusal } from '../core/errors.ts'
import { isDate } from '../core/form.ts'
import { isId } from '../core/id.ts'
import { personByEmail } from '../core/people.ts'
import type { Ctx } from '../core/workflow.ts'
import { launchPolicy } from '../policies/launching.ts'
import type { Order } from '../policies/ordering.ts'
import { previewOf } from '../policies/preview.ts'
import { type Version, versionOf } from '../policies/versions.ts'
import { withSession } from './session.ts'

const day = (value: string): string => {
  if (!isDate(value)) throw new InvalidArgumentError('A date as 2026-12-04, please.')
  return value
}

/** `campaign preview|launch|status|stop`: asking people to acknowledge a policy, with the counts before anything is sent. */
export function addCampaign(program: Command): void {
  const group = program.command('campaign').description('ask people to acknowledge a policy')
  addPreview(group)
  addLaunch(group)
  addStatus(group)
  addStop(group)
}

function addPreview(group: Command): void {
  group
    .command('preview')
    .description('who would be asked, when, and how long sending and reading take; nothing is sent')
    .argument('<policy>', 'the code of the policy, e.g. acceptable-use')
    .option('--version-of <version>', 'a version other than the newest')
    .action((code: string, options: { versionOf?: string }, command: Command) =>
      withSession(command, async ({ within }) => {
        const { version, preview } = await within(async (ctx) => {
          const found = await find(ctx, code, options.versionOf)
          return { version: found, preview: await previewOf(ctx, found) }
        })
        const { people, ...counts } = preview
        const text = [
          `${version.title} ${version.version}${version.approvedBy === null ? ' (not approved: it cannot be launched)' : ''}`,
          `${people.length} people would be asked; ${preview.spared} of the audience acknowledged it or are being asked.`,
          ...preview.departments.map((one) => `  ${one.name}: ${one.count}`),
          `First at ${preview.firstAt.toISOString()}, last at ${preview.lastAt.toISOString()}: each in their working hours.`,
          `Sending takes about ${preview.sendingSeconds} s, reading ${preview.readingMinutes} minutes of all together.`,
        ].join('\n')
        return { text, facts: { policy: code, version: version.version, people: people.length, ...counts } }
      }),
    )
}

type LaunchOptions = {
  due: string
  scope: Order['scope']
  to?: string
  department?: string
  opens?: string
  versionOf?: string
  as: string
}

function addLaunch(group: Command): void {
  group
    .command('launch')
    .description('ask people; only an approved version, and nobody twice')
    .argument('<policy>', 'the code of the policy')
    .requiredOption('--due <date>', 'the day by whose end each person answers, where they are', day)
    .requiredOption('--as <mail>', 'the ISMS manager in whose name it is launched')
    .addOption(new Option('--scope <scope>', 'whom').choices(['me', 'pilot', 'everyone']).default('me'))
    .option('--department <name>', 'of a pilot: this department')
    .option('--to <mail>', 'of a pilot: this person')
    .option('--opens <date>', 'not before that day', day)
    .option('--version-of <version>', 'a version other than the newest')
    .action((code: string, options: LaunchOptions, command: Command) =>
      withSession(command, async ({ within, progress }) => {
        const order = await within((ctx) => orderOf(ctx, code, options))
        const id = await launchPolicy(
          (work) => within(async (ctx) => work({ ...ctx, by: await lead(ctx, options.as) })),
          order,
          (done) => progress(`${done} people`),
        )
        const standing = await within((ctx) => progressOf(ctx, id))
        return {
          text: `${id}: ${standing.people} people are asked by ${options.due}. The running product sends it.`,
          facts: { campaign: id, ...standing },
        }
      }),
    )
}

async function orderOf(ctx: Ctx, code: string, options: LaunchOptions): Promise<Order> {
  const [version, by] = await Promise.all([find(ctx, code, options.versionOf), lead(ctx, options.as)])
  const audience = await whom(ctx, options, by.id)
  return {
    versionId: version.id,
    dueOn: options.due,
    scope: options.scope,
    ...(audience === undefined ? {} : { audience }),
    ...(options.opens === undefined ? {} : { opensOn: options.opens }),
  }
}

async function whom(ctx: Ctx, options: LaunchOptions, me: string): Promise<Audience | undefined> {
  if (options.scope === 'everyone') return undefined
  if (options.scope === 'me') return [{ by: 'person', is: me }]
  if (options.department !== undefined) return [{ by: 'department', is: options.department }]
  if (options.to === undefined) throw new Refusal('A pilot needs --department or --to: say whom.')
  return [{ by: 'person', is: (await known(ctx, options.to)).id }]
}

function addStatus(group: Command): void {
  group
    .command('status')
    .description('how campaigns stand')
    .argument('[campaign]', 'one of them (cmp_…)')
    .action((id: string | undefined, _options, command: Command) =>
      withSession(command, async ({ within }) => {
        const rows = await within(async (ctx) => {
          const which = id === undefined ? eq(campaign.workflow, 'policies') : eq(campaign.id, id)
          const found = await ctx.db.select().from(campaign).where(which).orderBy(desc(campaign.createdAt)).limit(50)
          return Promise.all(
            found.map(async (one) => ({
              id: one.id,
              title: one.title,
              state: one.state,
              dueOn: one.dueOn,
              ...(await progressOf(ctx, one.id)),
            })),
          )
        })
        if (id !== undefined && rows.length === 0)
          throw new Refusal(`There is no campaign ${id.slice(0, 40)}: "campaign status" lists them.`)
        const text = rows.map(
          (one) =>
            `${one.id}  ${one.state}  due ${one.dueOn}  ${one.done}/${one.people} done, ${one.overdue} overdue  ${one.title}`,
        )
        return { text: text.join('\n') || 'No campaign yet.', facts: { campaigns: rows } }
      }),
    )
}

function addStop(group: Command): void {
  group
    .command('stop')
    .description('send and ask nothing more, at once; what was answered stays')
    .argument('<campaign>', 'its id (cmp_…)')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, options: { reason: string }, command: Command) =>
      withSession(command, async ({ within }) => {
        const open = isId('cmp', id) ? await within((ctx) => stopCampaign(ctx, id, options.reason)) : undefined
        if (open === undefined)
          throw new Refusal('There is no running campaign with this id: "campaign status" lists them.')
        return { text: `Stopped; ${open} people are not asked any more.`, facts: { campaign: id, withdrawn: open } }
      }),
    )
}

async function find(ctx: Ctx, code: string, version: string | undefined): Promise<Version> {
  const [row] = await ctx.db
    .select({ id: policyVersion.id })
    .from(policyVersion)
    .innerJoin(policy, eq(policy.id, policyVersion.policyId))
    .where(
      and(
        eq(policy.code, code),
        version === undefined ? isNull(policyVersion.supersededAt) : eq(policyVersion.version, version),
      ),
    )
    .orderBy(desc(policyVersion.ordinal))
    .limit(1)
  const found = row && (await versionOf(ctx, row.id))
  if (!found)
    throw new Refusal(`There is no policy "${code.slice(0, 60)}"${version ? ` ${version}` : ''}: import it first.`)
  return found
}

async function known(ctx: Ctx, mail: string) {
  const person = await personByEmail(ctx.db, mail)
  if (!person) throw new Refusal(`Nobody active has the address ${mail}: check it, or import people first.`)
  return person
}

async function lead(ctx: Ctx, mail: string) {
  const person = await known(ctx, mail)
  if (!person.roles.includes('isms-manager')) throw new Refusal(`${mail} is no ISMS manager: only one may launch.`)
  return person
}
