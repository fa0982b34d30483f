import { setTimeout as wait } from 'node:timers/promises'
import { dataFolder, pssOf, startProduct } from './product.ts'
import type { Figure } from './run.ts'

/** How long the product is left alone before its memory is read, in milliseconds. */
const IDLE_MS = 10_000

/** Proportional memory of the idle product with its database, after a start with the company already made. */
export async function memory(): Promise<Figure[]> {
  const { folder, remove } = dataFolder()
  try {
    await (await startProduct(folder)).stop()
    const product = await startProduct(folder)
    await fetch(product.address)
    await wait(IDLE_MS)
    const value = pssOf(product.pid)
    await product.stop()
    return [{ name: 'memory.idle', value, unit: 'MB', aim: '< 250' }]
  } finally {
    remove()
  }
}
