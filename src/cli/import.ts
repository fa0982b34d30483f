import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readExport } from '../access/formats/index.ts'
import { importAccess } from '../access/imports.ts'
import { registerSystem } from '../access/systems.ts'
import { importOwners, importRegisters, readOwners } from '../controls/index.ts'
import { Refusal } from '../core/errors.ts'
import { personByEmail } from '../core/people.ts'
import { importPeople } from '../people/importing.ts'
import { addPolicyImports } from './import-policies.ts'
import { type Answer, answering, EXIT, type Session, withSession } from './session.ts'

const count = (value: string): number => {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('A whole number, please.')
  return Number(value)
}

const moment = (value: string): string => {
  if (Number.isNaN(Date.parse(value))) throw new InvalidArgumentError('A moment as 2026-11-20T08:00:00Z, please.')
  return new Date(value).toISOString()
}

/** `import people|policies|acknowledgements|access|controls FILE`: each answers with a receipt. */
export function addImport(program: Command): void {
  const group = program.command('import').description('bring people, policies, acknowledgements, access or controls in')
  addPeople(group)
  addAccess(group)
  addControls(group)
  addPolicyImports(group)
}

function addPeople(group: Command): void {
  group
    .command('people')
    .description('bring the register of people up to a CSV file')
    .argument(
      '<file>',
      'CSV: email,name[,department,site,timezone,language,manager,title,employment,started_on,ended_on,roles]',
    )
    .option('--source <text>', 'where the list comes from, for the auditor', 'people file')
    .option('--extracted-at <moment>', 'when it was taken there', moment)
    .option('--expected <count>', 'how many people the source says it has', count)
    .option('--partial', 'take the good lines although others are rejected')
    .option('--dry-run', 'only show the receipt')
    .action((file: string, options, command: Command) =>
      withSession(command, async ({ within }) => {
        const bytes = readFileSync(file)
        const done = await within((ctx) => importPeople(ctx, { bytes, ...options }))
        const text = [
          `${done.lines} lines: ${done.header} header, ${done.accepted} accepted, ${done.rejected.length} rejected, ${done.blank} blank.`,
          ...(done.balanced ? [] : [unbalanced(done.accepted + done.rejected.length, done.expected ?? 0)]),
          `${done.added} added, ${done.changed} changed, ${done.unchanged} unchanged, ${done.left} left; ${done.notInFile} in the register and not in the file.`,
          ...done.rejected.map((one) => `  line ${one.line}: ${one.reason}`),
        ].join('\n')
        return { text, facts: done, code: done.balanced && done.rejected.length === 0 ? EXIT.done : EXIT.attention }
      }),
    )
}

const unbalanced = (rows: number, expected: number): string =>
  `NOT BALANCED: ${expected} people were announced, the file has ${rows}. Export it again or correct the number: as it is, nothing is taken in.`

type AccessOptions = {
  system: string
  owner?: string
  class?: 'standard' | 'critical' | 'privileged'
  adapter?: string
  extractedAt?: string
  expected?: number
  dryRun?: boolean
}

function addAccess(group: Command): void {
  group
    .command('access')
    .description('take in an export of who has access to a system')
    .argument('<file>', 'the export as the vendor gives it; never edited by hand')
    .requiredOption('--system <name>', 'the system it was taken from')
    .option('--owner <mail>', 'register the system first, with this owner')
    .addOption(
      new Option('--class <class>', 'how critical a newly registered system is').choices([
        'standard',
        'critical',
        'privileged',
      ]),
    )
    .option('--adapter <name>', 'read it as this format instead of recognising it by its header')
    .option('--extracted-at <moment>', 'when it was taken from the system', moment)
    .option('--expected <count>', 'how many rows the system says it has: the control total', count)
    .option('--dry-run', 'only show the receipt; opens no database')
    .action((file: string, options: AccessOptions, command: Command) => {
      if (!options.dryRun) return withSession(command, (session) => takeIn(file, options, session))
      return answering(command, async () => {
        const { system, adapter, expected } = options
        const { receipt } = await readExport(readFileSync(file), {
          system,
          otherSystems: 'out of scope',
          now: new Date(),
          ...(adapter === undefined ? {} : { adapter }),
          ...(expected === undefined ? {} : { expected }),
        })
        return { text: told(receipt), facts: receipt, code: codeOf(receipt) }
      })
    })
}

async function takeIn(file: string, options: AccessOptions, { within }: Session): Promise<Answer> {
  const { system, owner, adapter, expected, extractedAt } = options
  const bytes = readFileSync(file)
  const done = await within(async (ctx) => {
    if (owner !== undefined) {
      const person = await personByEmail(ctx.db, owner)
      if (!person) throw new Refusal(`Nobody active has the address ${owner}: check it, or import people first.`)
      const code = system.toLowerCase().replace(/[^a-z0-9]+/g, '-')
      await registerSystem(ctx, {
        code,
        name: system,
        ownerId: person.id,
        ...(options.class ? { class: options.class } : {}),
      })
    }
    return importAccess(ctx, {
      system,
      bytes,
      name: basename(file),
      ...(adapter === undefined ? {} : { adapter }),
      ...(expected === undefined ? {} : { expected }),
      ...(extractedAt === undefined ? {} : { extractedAt: new Date(extractedAt) }),
    })
  })
  const { receipt, links, snapshotId } = done
  const text = `${told(receipt)}\nAccounts by person: ${links.email} found, ${links.ambiguous} ambiguous, ${links.unmatched} unknown address, ${links.none} without address.\nKept as ${snapshotId}.`
  return {
    text,
    facts: { ...receipt, links, snapshot: snapshotId },
    code: codeOf(receipt),
  }
}

type Receipt = Awaited<ReturnType<typeof readExport>>['receipt']

/** Kept as it came; somebody should look at it when not every line of it is a right that somebody holds. */
const codeOf = (it: Receipt): number =>
  it.balanced && it.rejected.length === 0 && !it.headerOnly ? EXIT.done : EXIT.attention

/** The receipt in words: every line accounted for, and what does not add up. */
const told = (it: Receipt): string =>
  [
    `Read as ${it.adapter}: ${it.lines} ${it.unit}${it.lines === 1 ? '' : 's'} = ${it.header} header + ${it.accepted} accepted + ${it.rejected.length} rejected + ${it.outOfScope.length} out of scope + ${it.footer} footer.`,
    `${it.accounts} accounts, ${it.grants} grants; ${it.controlTotal === null ? 'no control total' : `control total ${it.controlTotal}`}.`,
    it.balanced ? 'Balanced.' : `NOT BALANCED: ${it.imbalance.join(' ')}`,
    ...(it.headerOnly
      ? ['No rows: if the system does have accounts, export it again; if not, the review asks to confirm it.']
      : []),
    ...it.rejected.map((one) => `  line ${one.line}: ${one.reason}`),
    ...it.warnings.map((warning) => `  note: ${warning}`),
  ].join('\n')

function addControls(group: Command): void {
  group
    .command('controls')
    .description('load the Annex A registers of both editions, and say who owns which control or recurring action')
    .argument('[owners]', 'CSV: code,owner[,anchored_on]; without it only the registers are loaded')
    .action((file: string | undefined, _options, command: Command) =>
      withSession(command, async ({ within }) => {
        const done = await within(async (ctx) => {
          const registers = await importRegisters(ctx)
          const owners =
            file === undefined ? undefined : await importOwners(ctx, readOwners(readFileSync(file), ctx.by.language))
          return { registers, owners }
        })
        const { registers, owners } = done
        const lines = [
          `${registers.controls} controls, ${registers.mappings} mappings, ${registers.actions} recurring actions; ${registers.changed} changed.`,
        ]
        if (owners)
          lines.push(
            `${owners.assigned} given to their owners, ${owners.unchanged} as they were.`,
            ...owners.refused.map((one) => `  line ${one.line}: ${one.reason}`),
          )
        const isWhole = (owners?.refused.length ?? 0) === 0
        if (!isWhole) lines.push('Nothing of the owners was changed: correct these lines and import again.')
        return { text: lines.join('\n'), facts: done, code: isWhole ? EXIT.done : EXIT.refused }
      }),
    )
}
