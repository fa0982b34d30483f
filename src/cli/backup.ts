import type { Command } from 'commander'
import { backup } from '../../db/backup.ts'
import { restore } from '../../db/restore.ts'
import { makeLog } from '../core/log.ts'
import { openGround } from '../installation.ts'
import { answering, config, withSession } from './session.ts'
import { version } from './version.ts'

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
      answering(command, async () => {
        // Not brought to this version first: a backup of an older one goes in at its own level.
        const ground = await openGround(config(), makeLog('error'))
        try {
          const done = await restore(ground.accesses, file, {
            now: new Date(),
            onTable: (table, rows) => process.stderr.write(`${table}: ${rows}\n`),
          })
          return {
            text: `${done.foot.rows} rows of ${done.foot.tables} tables are back.`,
            facts: { file, ...done.foot },
          }
        } finally {
          await ground.stop()
        }
      }),
    )
}
