import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const main = new URL('../../src/main.ts', import.meta.url).pathname
const cli = new URL('../../src/cli/countersign.ts', import.meta.url).pathname

/** A process with these settings and no others; ends by itself. */
function run(args: string[], env: Record<string, string>) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH ?? '', HOME: folder, COUNTERSIGN_DATA: join(folder, 'data'), ...env },
      cwd: folder,
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

describe('T49 defaults', () => {
  test('without settings: this computer only, the demo, no secret of ours anywhere', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      demo: true,
      publicUrl: undefined,
      slack: undefined,
      logLevel: 'info',
    })
  })

  const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-a', SLACK_SIGNING_SECRET: 'a'.repeat(32) }
  test.each([
    ['the demo on every interface', { HOST: '0.0.0.0' }],
    ['the demo on every interface of IPv6', { HOST: '::' }],
    ['the demo on an address of the network', { HOST: '192.0.2.7' }],
    ['the demo behind a public address', { PUBLIC_URL: 'https://isms.example.com' }],
    ['an address without TLS', { ...SLACK, PUBLIC_URL: 'http://isms.example.com' }],
    ['a sample key', { ...SLACK, SLACK_SIGNING_SECRET: 'changeme' }],
    ['an empty key', { ...SLACK, SLACK_SIGNING_SECRET: '   ' }],
    ['a user’s token instead of a bot’s', { ...SLACK, SLACK_BOT_TOKEN: 'xoxp-1-a' }],
    ['half of the settings', { SLACK_SIGNING_SECRET: 'a'.repeat(32) }],
    ['a password in the public address', { ...SLACK, PUBLIC_URL: 'https://me:secret@isms.example.com' }],
  ])('%s is refused with its cure, and no secret is repeated', (_what, env) => {
    const refused = () => readConfig(env)
    expect(refused).toThrow(/The settings need attention/)
    expect(refused).not.toThrow(/a{32}|xoxb-1-a|me:secret/)
  })

  test('real tokens never meet the demo: with them there is no demo, and without there is no platform', () => {
    expect(readConfig(SLACK)).toMatchObject({ demo: false })
    expect(readConfig({ ...SLACK, HOST: '0.0.0.0', PUBLIC_URL: 'https://isms.example.com' })).toMatchObject({
      demo: false,
    })
  })

  test('the started process, the demo on a public bind: it ends before it listens, with a code and every cure', async () => {
    const env = { HOST: '0.0.0.0', PORT: '99999' }
    const { code, out, err } = await run([main], env)
    expect(code).toBe(1)
    expect(out).not.toContain('"ready":true')
    expect(err).toMatch(/HOST is 0\.0\.0\.0[\s\S]*PORT is "99999"/)
    expect(err).not.toMatch(/at .*\.ts:\d+/)
  }, 60_000)
})

test('T45 doctor compares this computer’s clock with the database’s: ten minutes off in either direction is a finding', async () => {
  const shifted = (minutes: number) => {
    const script = `const real = Date.now; Date.now = () => real() + ${minutes * 60_000}`
    return run(['--import', `data:text/javascript,${encodeURIComponent(script)}`, cli, 'doctor', '--json'], {})
  }
  const found: { ok: boolean; text: string; code: number | null }[] = []
  for (const minutes of [10, -10]) {
    const { code, out, err } = await shifted(minutes)
    const { findings } = JSON.parse(out || JSON.stringify({ err })) as {
      findings: { what: string; ok: boolean; text: string }[]
    }
    const clock = findings.find((one) => one.what === 'clock')
    found.push({ ok: clock?.ok ?? false, text: clock?.text ?? JSON.stringify(findings), code })
  }
  expect(found.map((one) => [one.ok, one.code])).toEqual([
    [false, 3],
    [false, 3],
  ])
  expect(found[0]?.text).toMatch(/(599|600|601) s apart: switch time synchronisation on/)
}, 90_000)
