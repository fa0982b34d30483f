import type { ServerResponse } from 'node:http'
import { Refusal } from '../../src/core/errors.ts'
import type { Text } from '../../src/core/md.ts'
import { type Html, sourceOf } from './html.ts'

export function sendPage(response: ServerResponse, page: Html, status = 200): void {
  const bytes = Buffer.from(sourceOf(page))
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length }).end(bytes)
}

/** 303: the browser goes there with GET, so that reloading repeats nothing. `path` is a path of this desk. */
export const redirect = (response: ServerResponse, path: string): void => {
  response.writeHead(303, { Location: path }).end()
}

export function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

/** An expected no with the status a browser should be given. */
export const halt = (status: number, sentence: string | Text): Refusal & { status: number } =>
  Object.assign(new Refusal(sentence), { status })

export const statusOf = (refusal: Refusal): number =>
  'status' in refusal && typeof refusal.status === 'number' ? refusal.status : 404
