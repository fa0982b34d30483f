import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { Refusal } from '../core/errors.ts'
import { importAcknowledgements, readElsewhere } from '../policies/elsewhere.ts'
import { importPolicies } from '../policies/importing.ts'
import { EXIT, withSession } from './session.ts'

const WANTED = /\.(md|pdf|docx|ya?ml)$/i

/** `import policies FOLDER` and `import acknowledgements FILE`. */
export function addPolicyImports(group: Command): void {
  group
    .command('policies')
    .description(
      'freeze a folder of policies as versions: Markdown with front matter, or PDF/DOCX with a .yaml beside it',
    )
    .argument('<folder>', 'a folder, or one file')
    .action((folder: string, _options, command: Command) =>
      withSession(command, async ({ within }) => {
        const files = sources(folder)
        if (files.length === 0) throw new Refusal(`There is no policy in ${folder}: it needs .md, .pdf or .docx files.`)
        const outcomes = await within((ctx) => importPolicies(ctx, files))
        const refused = outcomes.filter((one) => one.outcome === 'refused')
        const text = outcomes
          .map(
            (one) =>
              `${one.name}: ${one.outcome}${one.version ? ` (${one.version})` : ''}${one.why ? `. ${one.why}` : ''}`,
          )
          .join('\n')
        const code =
          refused.length === 0 ? EXIT.done : refused.length === outcomes.length ? EXIT.refused : EXIT.attention
        return { text, facts: { files: outcomes }, code }
      }),
    )

  group
    .command('acknowledgements')
    .description('take in acknowledgements made elsewhere; they are marked "imported, not witnessed"')
    .argument('<file>', 'CSV: email,policy,version,acknowledged_on,source')
    .action((file: string, _options, command: Command) =>
      withSession(command, async ({ within }) => {
        const read = readElsewhere(readFileSync(file))
        if ('problem' in read) throw new Refusal(read.problem)
        const receipt = await within((ctx) => importAcknowledgements(ctx, read.rows))
        const text = [
          `${receipt.lines} lines: ${receipt.accepted} imported, ${receipt.alreadyThere} were there already, ${receipt.rejected.length} rejected.`,
          ...receipt.rejected.map((one) => `  line ${one.line}: ${one.reason}`),
        ].join('\n')
        return { text, facts: receipt, code: receipt.rejected.length === 0 ? EXIT.done : EXIT.attention }
      }),
    )
}

const sources = (path: string): { name: string; bytes: Uint8Array }[] =>
  (statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path]
  )
    .filter((file) => WANTED.test(file))
    .map((file) => ({ name: basename(file), bytes: readFileSync(file) }))
