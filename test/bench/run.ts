import { acknowledgement } from './acknowledgement.ts'
import { click, clickInMessage, clickInTeams } from './click.ts'
import { memory } from './memory.ts'
import { start } from './start.ts'

/** What was measured: `ratio` is to `peer`, measured in the same run on the same machine; `aim` is what we want of it. */
export type Figure = {
  name: string
  value: number
  unit: string
  ratio?: number
  peer?: string
  peerValue?: number
  aim?: string
  [more: string]: unknown
}

const benches: Record<string, () => Promise<Figure[]>> = {
  acknowledgement,
  click,
  'click-message': clickInMessage,
  'click-teams': clickInTeams,
  start,
  memory,
}

const asked = process.argv.slice(2)
const json = asked.includes('--json')
const names = asked.filter((one) => !one.startsWith('--'))
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no benchmark called ${unknown.join(', ')}: choose from ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue
  for (const figure of await bench()) console.log(json ? JSON.stringify(figure) : told(figure))
}
process.exit(0)

function told({ name, value, unit, ratio, peer, aim }: Figure): string {
  const against = ratio === undefined ? '' : `, ${ratio.toFixed(2)} of ${peer}`
  return `${name}: ${value} ${unit}${against}${aim ? ` (aim: ${aim})` : ''}`
}
