import type { House, Platform, Workflow } from './workflow.ts'

/**
 * How a word of ours is typed: `/isms policies` where there are slash commands, `policies` where there are none. Without a
 * platform that has people typing, in each way that there is; the desk's own counts only where it is the only one.
 */
export function makeTyped(
  workflows: readonly Workflow[],
  platforms: readonly Platform[],
  desk: House['desk'],
): House['typed'] {
  return (word, platform) => {
    const command = workflows.flatMap((one) => one.commands).find((one) => one.word === word)
    const here = platforms.filter((one) => one.name === platform)
    const chats = platforms.filter((one) => one.name !== desk?.platform)
    const asked = here.length > 0 ? here : chats.length > 0 ? chats : platforms
    const ways = new Set(asked.map((one) => (command && one.typed?.(command)) ?? word))
    return [...ways].join(', ') || word
  }
}
