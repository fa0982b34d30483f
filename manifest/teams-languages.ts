import type { TeamsManifest } from './teams.ts'
import { type AppWords, LANGUAGES } from './teams-words.ts'

const SCHEMA = 'https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.Localization.schema.json'

/** What the manifest says of its other languages. */
export const additionalLanguages = Object.keys(LANGUAGES).map((languageTag) => ({
  languageTag,
  file: `${languageTag}.json`,
}))

/**
 * The file of each other language by its name: words by their place in the manifest [learn.microsoft.com, localize your
 * app]. Throws when a command has no words in one of them.
 */
export function languageFiles(manifest: TeamsManifest): Record<string, Record<string, string>> {
  return Object.fromEntries(
    additionalLanguages.map(({ languageTag, file }) => [file, placed(manifest, LANGUAGES[languageTag] as AppWords)]),
  )
}

function placed({ name, bots, composeExtensions, staticTabs }: TeamsManifest, words: AppWords): Record<string, string> {
  const { full, short, long, tab, menu, actions } = words
  const file: Record<string, string> = {
    $schema: SCHEMA,
    'name.short': name.short,
    'name.full': full,
    'description.short': short,
    'description.full': long,
  }
  staticTabs?.forEach((one, n) => {
    if (one.name !== undefined) file[`staticTabs[${n}].name`] = tab
  })
  bots?.[0]?.commandLists?.forEach(({ commands }, list) => {
    commands.forEach(({ title }, n) => {
      file[`bots[0].commandLists[${list}].commands[${n}].description`] = wordsFor(title, menu)
    })
  })
  composeExtensions?.[0]?.commands?.forEach(({ id }, n) => {
    const { title, description } = wordsFor(id, actions)
    file[`composeExtensions[0].commands[${n}].title`] = title
    file[`composeExtensions[0].commands[${n}].description`] = description
  })
  return file
}

function wordsFor<T>(name: string, words: Readonly<Record<string, T>>): T {
  const found = words[name]
  if (found === undefined) throw new Error(`${name} has no words in one of the languages of manifest/teams-words.ts`)
  return found
}
