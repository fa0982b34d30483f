import { createRequire } from 'node:module'

/** The package that draws cards in clients, used as a linter: its ES modules do not run in Node.js, its bundle does. */
const { AdaptiveCard, SerializationContext, Version } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as {
  Version: new (major: number, minor: number) => unknown
  SerializationContext: new (version: unknown) => { eventCount: number; getEventAt(n: number): { message: string } }
  AdaptiveCard: new () => {
    parse(card: unknown, context: unknown): void
    validateProperties(): { validationEvents: { message: string }[] }
  }
}

/**
 * A search that Teams asks us for while somebody types: documented by Teams for its cards, by the library for 1.6 only, and
 * one that begins with nothing found looks to it like a slip.
 */
function withoutSearch(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('choices.data' in value)) return value
  const { 'choices.data': _search, ...input } = value as { 'choices.data': unknown; choices?: unknown[] }
  return input.choices?.length === 0 ? { ...input, choices: [{ title: 'found', value: 'found' }] } : input
}

/** Everything that the reference implementation has to say against a card. */
export function complaints(card: unknown): string[] {
  const context = new SerializationContext(new Version(1, 5))
  const drawn = new AdaptiveCard()
  drawn.parse(JSON.parse(JSON.stringify(card), withoutSearch), context)
  const parsed = Array.from({ length: context.eventCount }, (_, n) => context.getEventAt(n).message)
  const held = drawn.validateProperties().validationEvents.map((one) => one.message)
  return [...parsed, ...held]
}
