import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')
type Package = { version?: string; integrity?: string; resolved?: string; link?: boolean }
const lock = JSON.parse(text('package-lock.json')) as { packages: Record<string, Package> }
const { dependencies, devDependencies, optionalDependencies, scripts } = JSON.parse(text('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies' | 'scripts',
  Record<string, string>
>

describe('T48 what is installed', () => {
  test('every package is locked by its hash, at one exact version, from whatever registry the operator uses', () => {
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
    expect(packages.length).toBeGreaterThan(100)
    for (const [path, one] of packages) {
      expect(one.integrity, path).toMatch(/^sha512-/)
      expect(one.resolved, path).toBeUndefined()
    }
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  })

  test('no install script runs, neither a package’s nor ours', () => {
    expect(text('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts[name]).toBeUndefined()
  })

  test('only what is declared is imported, and nothing is fetched and run', () => {
    const declared = new Set(Object.keys({ ...dependencies, ...optionalDependencies }))
    const code = ['src', 'adapters', 'db'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    )
    for (const file of code) {
      for (const [, name = ''] of text(file).matchAll(/^(?:import|export)[^'\n]* from '([^'.][^']*)'/gm)) {
        const root = name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/')
        if (!name.startsWith('node:')) expect(declared, `${file} imports ${name}`).toContain(root)
      }
      expect(text(file), file).not.toMatch(/\beval\(|new Function\(|node:vm/)
    }
  })
})
