import { playAccess } from './gallery/access.ts'
import { playControls } from './gallery/controls.ts'
import { playFirstDay, playHome } from './gallery/home.ts'
import { playIncidents } from './gallery/incidents.ts'
import { makePlayer, type Picture, type Sight } from './gallery/player.ts'
import { playPolicies } from './gallery/policies.ts'
import { makeWorld, type World } from './world.ts'

export type { Picture, Sight } from './gallery/player.ts'
export { doing } from './gallery/player.ts'

/** Pictures by name, everything else that was seen, and the world at the end. */
export type Gallery = { pictures: Picture[]; sights: Sight[]; world: World }

/**
 * One story over all workflows, always the same: seed, clock and company are fixed. Every card and every form is shown
 * in the states that matter.
 */
export async function playGallery(language = 'en'): Promise<Gallery> {
  const world = await makeWorld({
    seed: 'gallery',
    language,
    desk: { address: 'https://desk.example', platform: 'web' },
  })
  const player = makePlayer(world)
  await playFirstDay(player)
  await playPolicies(player)
  await playIncidents(player)
  await playAccess(player)
  await playControls(player)
  await playHome(player)
  return { pictures: player.pictures, sights: player.sights, world }
}
