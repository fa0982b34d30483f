import type { Command } from 'commander'
import { backup } from '../../db/backup.ts'
import { restore } from '../../db/restore.ts'
import { version } from './version.ts'
import { withSession } from './session.ts'

/** `backup FILE` and `restore FILE`: also the way from the embedded database to a server, and between major versions. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write everything into one new file, while the product goes on working')
    .argument('<file>', 'the new file, e.g. countersign-2026-11-23.backup')
    .action((file: string, _options, command: Command) =>
      withSession(command, async ({ installation, now, progress }) => {
        const done = await backup(installation.accesses.owner, file, {
          product: version(),
          createdAt: now(),
          onTable: (table, rows) => progress(`${table}: ${rows}`),
        })
        return {
          text: `${done.rows} rows of ${done.tables} tables are in ${file}.\nSHA-256 ${done.file_sha256}: keep it elsewhere.`,
          facts: { file, ...done },
        }
      }),
    )

  program
    .command('restore')
    .description('fill an empty database from a backup')
    .argument('<file>', 'a file that `backup` wrote')
    .action((file: string, _options, command: Command) =>
      withSession(command, async ({ installation, now, progress }) => {
        const done = await restore(installation.accesses, file, {
          now: now(),
          onTable: (table, rows) => progress(`${table}: ${rows}`),
        })
        return { text: `${done.foot.rows} rows of ${done.foot.tables} tables are back.`, facts: { file, ...done.foot } }
      }),
    )
}
