import type { Person } from '../../src/core/workflow.ts'

/** What the demo company offers the desk: seats to sit at, a clock to move, a path to follow. Made in src/cli/demo. */
export type DemoDesk = {
  seats(): Promise<Seat[]>
  now(): Date
  /** Moves the clock forward and runs the worker until nothing is left to do. */
  advance(days: number): Promise<void>
  guide(): Promise<{ steps: GuideStep[] }>
  /** Somebody opened the page of that card: reading leaves no trace in the record, so the guide is told. */
  looked?(card: string): void
  /** Makes the company anew. */
  reset?(): Promise<void>
}

export type Seat = {
  /** Person id: `per_…`. */
  id: string
  name: string
  title: string
  department: string
  site: string
  /** A heading of the seat list: a role worth trying ("Security", "Responders"); without it, the department. */
  group?: string
  /** The security lead: whose dashboard stands on the right. Without one it is the person's own, if they may see it. */
  lead?: boolean
  /** Times on the cards of this seat are in this zone; UTC without it. */
  timezone?: string
  language?: string
  /** What is offered at this seat goes by these; without them it is what everybody is offered. */
  roles?: Person['roles']
  employment?: Person['employment']
}

/** `seat`: whose seat the step is taken at; `href`: the page of it, the desk itself without one. */
export type GuideStep = { title: string; text: string; done: boolean; seat?: string; href?: string }

/** How far the buttons of the clock go, in days. */
export const STEPS_OF_CLOCK = [1, 3] as const
