import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const BIN = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')))

/** Only our own pages on loopback are opened. The sandbox is refused to root and in many containers. */
const ARGUMENTS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
]

/**
 * A real headless Chromium: the one CHROMIUM_PATH names, or the one that comes with the packages, unpacked once for this
 * user into the folder for temporary files. It needs no home, no display and no network.
 */
export async function launch(more: readonly string[] = []): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH
  const home = await mkdtemp(join(tmpdir(), 'countersign-browser-'))
  const { executablePath, env } = named ? { executablePath: named, env: {} } : await unpacked()
  const browser = await chromium.launch({
    executablePath,
    env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...env },
    args: [...ARGUMENTS, ...more],
  })
  browser.on('disconnected', () => rm(home, { recursive: true, force: true }).catch(() => undefined))
  return browser
}

type Unpacked = { executablePath: string; env: Record<string, string> }

async function unpacked(): Promise<Unpacked> {
  const folder = join(tmpdir(), `countersign-chromium-${userInfo().uid}`)
  if (!existsSync(folder)) await unpack(folder)
  // Others may write to the folder for temporary files; only what is ours is started.
  if (lstatSync(folder).uid !== userInfo().uid)
    throw new Error(`${folder} belongs to somebody else. Remove it and try again.`)
  const executablePath = join(folder, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
  // 127: a shared library is missing (libnss3 on a bare system); the package brings those.
  const isBare = spawnSync(executablePath, ['--version'], { env: fonts }).status === 127
  return { executablePath, env: isBare ? { ...fonts, ...libraries } : fonts }
}

/** Whole or not at all: several test files may start at once. The package unpacks into TMPDIR and nowhere else. */
async function unpack(folder: string): Promise<void> {
  const before = process.env.TMPDIR
  const half = await mkdtemp(`${folder}-`)
  process.env.TMPDIR = half
  try {
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => inflate(join(BIN, name))))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  await writeFile(join(half, 'fonts.conf'), fontsIn(folder))
  await rename(half, folder).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
}

/** The font that comes with the browser, then those of the system. */
const fontsIn = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`

/** Where pictures for people to look at go; git ignores it. */
export async function pictureFolder(): Promise<string> {
  const folder = fileURLToPath(new URL('../pictures/', import.meta.url))
  await mkdir(folder, { recursive: true })
  return folder
}
