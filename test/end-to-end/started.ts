import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Access, APP_ROLE } from '../../db/access.ts'
import { open } from '../../db/client.ts'
import { clusterIn } from '../../db/embedded/home.ts'
import { adopt } from '../../db/embedded/postmaster.ts'
import { startEmbedded } from '../../db/embedded.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const CLI = fileURLToPath(new URL('../../src/cli/countersign.ts', import.meta.url))
/** The first start makes a database; on two busy cores that may take a while. */
const READY_MS = 60_000

export type Env = Record<string, string>
export type Ended = { code: number | null; signal: NodeJS.Signals | null }
export type Ran = Ended & { out: string; err: string }

export type Product = {
  address: string
  pid: number
  /** The line that says that it is ready. */
  ready: { ready: boolean; address: string; ms: number }
  /** Resolves once it has said that. */
  said(words: string): Promise<void>
  /** All that it said until now, its log among it. */
  output(): string
  kill(signal: NodeJS.Signals): void
  ended: Promise<Ended>
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

/**
 * A place for started processes: what they start, write and leave behind is gone after `clear`. They see no setting of
 * the machine, and work in a folder of their own, so that no .env of a developer is read.
 */
export function makePlace() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-started-')))
  // As root PostgreSQL runs as another user, who has to get in.
  chmodSync(root, 0o755)
  const children = new Map<ChildProcess, Promise<Ended>>()
  const folders = new Set<string>()
  const environment = (env: Env): Env => ({
    PATH: process.env.PATH ?? '',
    HOME: root,
    // What a start reads and compiles is the same for all of them.
    NODE_COMPILE_CACHE: join(root, 'compiled'),
    LOG_LEVEL: 'info',
    PORT: '0',
    ...env,
  })

  function spawned(script: string, args: string[], env: Env) {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text
    })
    const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
    children.set(child, ended)
    return { child, said, ended }
  }

  return {
    root,
    /** A data folder that nobody has used. */
    folder(name: string): string {
      const folder = join(root, name)
      folders.add(folder)
      return folder
    },

    /** Starts the product and waits until it says that it is ready; throws what it said when it ends before that. */
    start(env: Env): Promise<Product> {
      const { child, said, ended } = spawned(MAIN, [], env)
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`not ready: ${said.out}${said.err}`)), READY_MS)
        const look = () => {
          const line = /^\{"ready":.*\}$/m.exec(said.out)?.[0]
          if (line === undefined) return
          clearTimeout(late)
          const ready = JSON.parse(line) as Product['ready']
          resolve({
            address: ready.address,
            pid: child.pid ?? 0,
            ready,
            said: (words) =>
              new Promise((heard) => {
                const listen = () => {
                  if (said.out.includes(words)) heard()
                }
                child.stdout.on('data', listen)
                listen()
              }),
            output: () => said.out + said.err,
            kill: (signal) => void child.kill(signal),
            ended,
            async end(signal) {
              child.kill(signal)
              return ended
            },
          })
        }
        child.stdout.on('data', look)
        void ended.then(({ code }) => {
          clearTimeout(late)
          reject(new Error(`the product ended with ${code}: ${said.out}${said.err}`))
        })
      })
    },

    /** Starts the product and sends the signal as soon as it has said those words, ready or not; answers how it ended. */
    async interrupted(env: Env, words: string, signal: NodeJS.Signals): Promise<Ran> {
      const { child, said, ended } = spawned(MAIN, [], env)
      let isSent = false
      const look = () => {
        if (isSent || !`${said.out}${said.err}`.includes(words)) return
        isSent = child.kill(signal)
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      return { ...(await ended), ...said }
    },

    /** The product that is expected to refuse its start: runs until its end. */
    async refusedStart(env: Env): Promise<Ran> {
      const { said, ended } = spawned(MAIN, [], env)
      return { ...(await ended), ...said }
    },

    /** `countersign …` to its end. */
    async countersign(args: string[], env: Env): Promise<Ran> {
      const { said, ended } = spawned(CLI, args, env)
      return { ...(await ended), ...said }
    },

    async clear(): Promise<void> {
      for (const [child] of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await Promise.all(children.values())
      for (const folder of folders) await stopLeft(folder)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

export type Place = ReturnType<typeof makePlace>

const quiet = { info: () => undefined, warn: () => undefined }

/** A killed product leaves its database running: it is adopted and stopped. */
async function stopLeft(folder: string): Promise<void> {
  if (!existsSync(join(clusterIn(folder), 'postmaster.pid'))) return
  const left = await startEmbedded({ folder, log: quiet })
  await left.stop()
}

/** A second connection into the database of a running product, as the product's own role unless told otherwise. */
export async function lookInto(folder: string, user = APP_ROLE) {
  const found = await adopt(clusterIn(folder))
  if (!found) throw new Error(`no database runs in ${folder}`)
  return open({ host: found.host, port: found.port, database: 'countersign', user, connections: 2 })
}

/** One JSON line of a command. */
export const answerOf = <T = Record<string, unknown>>(ran: Ran): T => {
  const lines = ran.out.trim().split('\n')
  if (lines.length !== 1) throw new Error(`not one line: ${ran.out}\n${ran.err}`)
  return JSON.parse(lines[0] ?? '') as T
}

/** The settings that lead a started process to a database of the test run's server. */
export function addressOf(access: Access): Env {
  const { url, host = '', port, user = '', database = '' } = access
  if (url !== undefined) {
    const address = new URL(url)
    if (database !== '') address.pathname = `/${database}`
    return { DATABASE_URL: address.href }
  }
  // The folder of a socket has no place in an address; the driver takes it from where psql does.
  return { DATABASE_URL: `postgres:///${database}`, PGHOST: host, PGPORT: String(port), PGUSER: user }
}
