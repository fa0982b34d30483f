// One of several processes that bring the same database up at once: migrates, then says what it ran.
import { migrate } from '../../db/migrate.ts'

const [accesses = '', folder = ''] = process.argv.slice(2)
const ran = await migrate(JSON.parse(accesses), { folder })
process.stdout.write(`ran ${ran.length}\n`)
