import { expect, test } from 'vitest'
import { refusal } from '../src/access/formats/text.ts'
import { playGallery } from './support/gallery.ts'
import { foreignWords } from './support/words.ts'

/**
 * Every sentence comes from a text.ts: with the pseudo-locale those stand in ⟦ ⟧. What may stand outside of them is data:
 * whatever the database holds as somebody's words or names, dates, numbers and ids.
 */
const { pictures, sights, world } = await playGallery('en-XA')
const isForeign = await foreignWords(world, [
  // What is wrong with a file is said by its reader, which knows no person: in English, as on the command line.
  refusal.shadow,
])

test('every word on a card, in a form, in a sentence comes from text.ts or from the data', () => {
  const found = new Set<string>()
  for (const { where, ...shown } of sights)
    for (const { at, words } of isForeign(shown)) found.add(`${at} of ${where}: ${words}`)
  for (const { name, ...shown } of pictures)
    for (const { at, words } of isForeign(shown)) found.add(`${at} of ${name}: ${words}`)
  expect([...found].sort()).toEqual([])
})
