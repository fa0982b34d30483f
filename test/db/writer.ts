// A product in miniature for the tests of durability: starts the embedded database of the folder it is given and writes
// rows without end; prints a row's number only after its commit was acknowledged. Ends by being killed.
import { writeSync } from 'node:fs'
import { connect } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'

const [folder = '', elsewhere = '', work = 'write'] = process.argv.slice(2)
const say = (text: string) => writeSync(1, `${text}\n`)
const log = { info: () => undefined, warn: () => undefined }

try {
  const { owner } = await startEmbedded({ folder, elsewhere, log })
  const { sql } = await connect(owner)
  await sql`create table if not exists written (number int primary key, text text not null)`
  say('ready')
  const lanes = work === 'write' ? [0, 1, 2, 3] : []
  await Promise.all(lanes.map(write))
  async function write(lane: number): Promise<never> {
    for (let n = lane; ; n += 4) {
      await sql.begin(async (tx) => {
        await tx`insert into written values (${n}, 'first')`
        await tx`update written set text = 'second' where number = ${n}`
      })
      say(String(n))
    }
  }
} catch (error) {
  say(`refused: ${(error as Error).message}`)
  process.exit(1)
}
