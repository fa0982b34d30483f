import { writeFileSync } from 'node:fs'
import { FILES } from './files.ts'

/** `npm run manifest`: writes what test/manifest.test.ts compares. */
for (const [name, text] of Object.entries(FILES)) writeFileSync(new URL(name, import.meta.url), text)
