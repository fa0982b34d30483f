import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { connect } from '../../db/client.ts'
import { installed } from '../../db/embedded/binaries.ts'
import { isZombie, startOf } from '../../db/embedded/process.ts'
import { type Embedded, startEmbedded } from '../../db/embedded.ts'
import { child, isRoot, place } from './place.ts'

const isLinux = process.platform === 'linux'

// A first start takes about a second of a free processor, and several of a busy one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** A data folder that was used and left in order; copied, because making one is what takes the time. */
const used = mkdtempSync(join(tmpdir(), 'countersign-used-'))
beforeAll(async () => {
  chmodSync(used, 0o755)
  const { stop } = await startEmbedded({ folder: used, log: { info: () => undefined, warn: () => undefined } })
  await stop()
})
afterAll(() => rmSync(used, { recursive: true, force: true }))

function usedPlace(): string {
  const folder = place()
  execFileSync('cp', ['-a', `${used}/.`, folder])
  return folder
}

/** Starts on a folder, stops after the test. */
async function start(folder: string, options: Partial<Parameters<typeof startEmbedded>[0]> = {}) {
  const said: string[] = []
  const log = { info: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) }
  const database = await startEmbedded({ folder, log, ...options })
  onTestFinished(database.stop)
  return { ...database, said }
}

async function query<T extends object>(database: Embedded, text: string): Promise<T[]> {
  const { sql, close } = await connect(database.owner)
  try {
    return await sql.unsafe<T[]>(text)
  } finally {
    await close()
  }
}

const pidFile = (home: string) => join(home, 'postgres', 'postmaster.pid')
const postmasterOf = (home: string) => Number(readFileSync(pidFile(home), 'utf8').split('\n')[0])

test('a first start makes a durable server that no network reaches, and a stop leaves nothing running', async () => {
  const database = await start(place())

  const [settings] = await query<Record<string, string>>(
    database,
    `select current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
       current_setting('listen_addresses') as listens, current_setting('server_encoding') as encoding,
       current_setting('unix_socket_directories') as socket, current_setting('log_error_verbosity') as verbosity`,
  )
  expect(settings).toEqual({
    checksums: 'on',
    fsync: 'on',
    listens: '',
    encoding: 'UTF8',
    socket: join(database.home, 'socket'),
    verbosity: 'terse',
  })
  const pid = postmasterOf(database.home)
  expect(statSync(join(database.home, 'socket')).mode & 0o777).toBe(0o700)
  if (isLinux) expect(tcpSocketsOf(pid)).toEqual([])

  await database.stop()
  expect(startOf(pid)).toBeUndefined()
  expect(existsSync(pidFile(database.home))).toBe(false)
  expect(existsSync(join(database.home, 'countersign.lock'))).toBe(false)
})

test('kill -9 in the middle of writing loses no acknowledged row, and the server left running is adopted', async () => {
  const folder = usedPlace()
  const product = child('writer.ts', folder, folder)
  await product.said((_, count) => count > 201)
  const orphan = postmasterOf(folder)
  await product.kill()
  const acknowledged = product.lines.filter((line) => line !== 'ready').map(Number)

  const database = await start(folder)

  expect(database.adopted).toBe(true)
  expect(postmasterOf(folder)).toBe(orphan)
  expect(database.said.join()).toContain('adopted the PostgreSQL that an ended process left running')
  const rows = await query<{ number: number; text: string }>(database, 'select number, text from written')
  const written = new Map(rows.map((row) => [row.number, row.text]))
  expect(acknowledged.length).toBeGreaterThan(200)
  expect(acknowledged.filter((n) => written.get(n) !== 'second')).toEqual([])
  expect([...written.values()].filter((text) => text !== 'second')).toEqual([])
})

test('kill -9 of the product and of its server at once loses no acknowledged row', async () => {
  const folder = usedPlace()
  const product = child('writer.ts', folder, folder)
  await product.said((_, count) => count > 100)
  process.kill(postmasterOf(folder), 'SIGKILL')
  await product.kill()
  const acknowledged = product.lines.filter((line) => /^\d+$/.test(line)).map(Number)

  const database = await start(folder)

  expect(database.adopted).toBe(false)
  const rows = await query<{ number: number }>(database, `select number from written where text = 'second'`)
  const written = new Set(rows.map((row) => row.number))
  expect(acknowledged.filter((n) => !written.has(n))).toEqual([])
})

test('a server that ends by itself is started again', async () => {
  const database = await start(usedPlace())
  const killed = postmasterOf(database.home)
  process.kill(killed, 'SIGKILL')

  const { sql, close } = await connect(database.owner).catch(() => untilThere(database))
  await close()

  expect(sql).toBeDefined()
  expect(postmasterOf(database.home)).not.toBe(killed)
  expect(database.said.join()).toContain('ended by itself')
})

test('a second start on the same folder is refused in one sentence, a command may join the running product', async () => {
  const folder = usedPlace()
  const product = child('writer.ts', folder, folder, 'idle')
  await product.said((line) => line === 'ready')

  await expect(start(folder)).rejects.toThrow(/^Process \d+ already runs on this data folder: stop it first/)
  const command = await start(folder, { share: true })
  expect(await query(command, 'select count(*)::int as rows from written')).toEqual([{ rows: 0 }])
  await command.stop()

  const other = child('writer.ts', folder, folder)
  expect(await other.said((line) => line !== '')).toMatch(/^refused: Process \d+ already runs on this data folder/)
  expect(startOf(postmasterOf(folder))).toBeDefined()

  await product.kill()
  expect((await start(folder)).adopted).toBe(true)
})

test('a lock left by an ended process is taken over, also when another process has its id now', async () => {
  const folder = usedPlace()
  const lock = join(folder, 'countersign.lock')
  writeFileSync(lock, JSON.stringify({ pid: process.ppid, started: 'an earlier boot:17' }))

  const database = await start(folder)

  expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual({ pid: process.pid, started: startOf(process.pid) })
  await database.stop()
})

test.skipIf(!isLinux)(
  'the lock file of a zombie and of an id given to another process do not keep PostgreSQL out',
  async () => {
    const folder = usedPlace()
    const first = await start(folder)
    const lines = readFileSync(pidFile(folder), 'utf8').split('\n')
    await first.stop()
    const zombie = await zombieChild()
    expect(isZombie(zombie)).toBe(true)

    for (const pid of [zombie, process.ppid]) {
      writeFileSync(pidFile(folder), [pid, ...lines.slice(1)].join('\n'))
      writeFileSync(join(folder, 'socket', '.s.PGSQL.5432.lock'), `${pid}\n`)
      const database = await start(folder)
      expect(database.adopted).toBe(false)
      expect(await query(database, 'select 1 as one')).toEqual([{ one: 1 }])
      await database.stop()
    }
  },
)

test('a cluster of another major version is refused, with the way out', async () => {
  const folder = usedPlace()
  const database = await start(folder)
  await database.stop()
  writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '14\n')

  await expect(start(folder)).rejects.toThrow(/was made by PostgreSQL 14 and this version brings \d+: write a backup/)
})

test('the links that an install script would have made are made at start', async () => {
  const folder = place()
  const package_ = withoutLinks(folder)

  const database = await start(join(folder, 'data'), { package: package_ })

  expect(await query(database, 'select 1 as one')).toEqual([{ one: 1 }])
  const list = JSON.parse(readFileSync(join(package_, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  expect(list.filter(({ target }) => !lstatSync(join(package_, target)).isSymbolicLink())).toEqual([])
})

test('a socket path that would be too long for the system goes to a closed folder in tmp and is taken away again', async () => {
  const folder = join(place(), 'a-rather-long-name-'.repeat(5))

  const database = await start(folder)

  expect(await query(database, 'select 1 as one')).toEqual([{ one: 1 }])
  const socket = database.owner.host ?? ''
  expect(socket.length).toBeLessThan(85)
  expect(statSync(socket).mode & 0o777).toBe(0o700)
  await database.stop()
  expect(existsSync(socket)).toBe(false)
})

test.skipIf(!isRoot)(
  'as root below a private folder: data and programs live where PostgreSQL may enter (needs root)',
  async () => {
    const [closed, elsewhere] = [place('closed'), place()]
    const folder = join(closed, 'data')
    const options = { elsewhere, package: withoutLinks(closed) }

    const database = await start(folder, options)
    await query(database, `create table kept as select 'a row' as text`)
    expect(database.home.startsWith(elsewhere)).toBe(true)
    expect(database.said.join()).toContain(`so the database is in ${database.home}`)
    expect(statSync(join(database.home, 'postgres')).uid).toBe(65534)
    expect(readdirSync(database.home).some((name) => name.startsWith('native-'))).toBe(true)
    await database.stop()

    const again = await start(folder, options)
    expect(await query(again, 'select text from kept')).toEqual([{ text: 'a row' }])
    await again.stop()

    // A home that is gone is a loss to report; a data folder that is gone is a wish to start anew.
    rmSync(again.home, { recursive: true })
    await expect(start(folder, options)).rejects.toThrow(/says the database is in .* but it is not there: bring/)
    rmSync(folder, { recursive: true })
    const fresh = await start(folder, options)
    expect(await query(fresh, `select to_regclass('kept') as kept`)).toEqual([{ kept: null }])
  },
)

test('a folder that is a file is refused in one sentence', async () => {
  const file = join(place(), 'data')
  writeFileSync(file, '')

  await expect(start(file)).rejects.toThrow(/cannot be used as the data folder \(EEXIST\)/)
})

/** The PostgreSQL package as npm leaves it when install scripts are off. */
function withoutLinks(folder: string): string {
  const to = join(folder, 'package')
  cpSync(installed(), to, {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink(),
  })
  return to
}

/** A process that has ended and whose parent never asks: a shell's child that outlives the shell's turn into `cat`. */
async function zombieChild(): Promise<number> {
  const stdio = ['pipe', 'pipe', 'inherit', 'pipe'] as const
  const parent = spawn('sh', ['-c', 'read line <&3 & echo $!; exec cat'], { stdio: [...stdio] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [pid] = (await once(parent.stdout as Readable, 'data')) as [Buffer]
  // The answer comes from cat: the shell, which would have collected its child, is gone.
  parent.stdin?.write('are you cat?')
  await once(parent.stdout as Readable, 'data')
  parent.stdio[3]?.destroy()
  while (!isZombie(Number(pid.toString()))) await new Promise(setImmediate)
  return Number(pid.toString())
}

/** Open TCP sockets of a process, by the kernel's own tables. */
function tcpSocketsOf(pid: number): string[] {
  const table = execFileSync('cat', ['/proc/net/tcp', '/proc/net/tcp6'], { encoding: 'utf8' })
  const inodes = new Set(table.split('\n').map((line) => line.trim().split(/\s+/)[9]))
  return readdirSync(`/proc/${pid}/fd`)
    .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    .filter((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? 'no socket'))
}

async function untilThere(database: Embedded): ReturnType<typeof connect> {
  for (;;) {
    const connected = await connect(database.owner).catch(() => undefined)
    if (connected) return connected
  }
}
