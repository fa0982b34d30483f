import { afterAll, expect, test } from 'vitest'
import { clusterIn } from '../../db/embedded/home.ts'
import { adopt } from '../../db/embedded/postmaster.ts'
import { makePlace } from './started.ts'

const place = makePlace()
afterAll(() => place.clear())

test('Ctrl+C during the very first start leaves no database running, and the next start makes the company anew', {
  timeout: 180_000,
}, async () => {
  const folder = place.folder('company')
  const env = { COUNTERSIGN_DATA: folder }
  const interrupted = await place.interrupted(env, 'Making the demo company', 'SIGINT')
  expect(interrupted.code, interrupted.err).toBe(0)
  expect(interrupted.err).toBe('')
  expect(await adopt(clusterIn(folder))).toBeUndefined()

  const product = await place.start(env)
  await product.said('demo.anew')
  const page = await (await fetch(product.address)).text()
  expect(page).toContain('Passwords and Authentication v1.0')
  expect(await product.end('SIGINT')).toMatchObject({ code: 0 })
  expect(await adopt(clusterIn(folder))).toBeUndefined()

  // The word that it is ready is not out before it can be stopped.
  const stopped = await place.interrupted(env, '"ready":true', 'SIGTERM')
  expect(stopped).toMatchObject({ code: 0, signal: null })
  expect(await adopt(clusterIn(folder))).toBeUndefined()
})
