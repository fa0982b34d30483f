import type { IncomingMessage } from 'node:http'
import type { WebConfig } from './config.ts'

/** Another page that may show the desk in a frame, and the path of ours by which its people come in. */
export type Frames = { hosts: readonly string[]; path: string }

/** Nobody may frame the demo, where anybody sits at any seat, nor a desk whose cookies a frame could not keep. */
export const framesOf = ({ demo, secure, frames }: WebConfig): Frames | undefined =>
  demo === undefined && secure ? frames : undefined

/**
 * The page is on its way into a frame, as the browser itself says; a page cannot say it. Browsers that say nothing have
 * no session in a frame. Pages of others never show ours: see frame-ancestors in headers.ts.
 */
export const isForFrame = (request: IncomingMessage, config: WebConfig): boolean =>
  framesOf(config) !== undefined && request.headers['sec-fetch-dest'] === 'iframe'
