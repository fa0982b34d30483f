import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const TESTS = fileURLToPath(new URL('..', import.meta.url))
const rows = readFileSync(join(TESTS, 'threats/README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| T\d\d \|/.test(line))
  .map((line) => {
    const [, id = '', , what = ''] = line.split('|').map((cell) => cell.trim())
    return { id, what, files: [...what.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file = '']) => file) }
  })

test('every threat stands in the table, once and in order', () => {
  const all = Array.from({ length: 52 }, (_, n) => `T${String(n + 1).padStart(2, '0')}`)
  expect(rows.map((row) => row.id)).toEqual(all)
})

test.each(rows.map((row) => [row.id, row] as const))(
  '%s is tested where it says, or says why not',
  (id, { files, what }) => {
    if (files.length === 0 || what.startsWith('not built')) expect(what).toMatch(/^not built: .{5,}/)
    for (const file of files) {
      expect(existsSync(join(TESTS, file)), file).toBe(true)
      if (!what.startsWith('not built')) expect(readFileSync(join(TESTS, file), 'utf8'), file).toContain(id)
    }
  },
)
