import type { Block, Button, Ctx, FormFrame } from '../core/workflow.ts'
import { pagesOf } from './document.ts'
import { fileButton, pageButton } from './places.ts'
import type { Request } from './request.ts'
import { minutes } from './source.ts'
import { text } from './text.ts'

/** One page of the text with the way on and back. On the last stands the sentence that is agreed to. */
export function readingForm(ctx: Ctx, it: Request, page: number): FormFrame & { id: string } {
  const say = text(ctx.by.language)
  const { version } = it
  const pages = pagesOf(version)
  const isLast = page >= pages.length
  const head = pages.length > 1 ? say.reading.page(page, pages.length, minutes(version)) : undefined
  return {
    id: it.assignment.id,
    title: version.title,
    submit: isLast ? say.reading.acknowledge : say.reading.next,
    shown: version.id,
    with: { page: String(page) },
    ...(head ? { intro: head } : {}),
    blocks: [
      ...(version.format === 'markdown' ? (pages[page - 1] ?? []) : ofFile(ctx, it)),
      ...(isLast ? statement(ctx, it) : []),
      ...navigation(ctx, it, page),
    ],
  }
}

/** Of a PDF or DOCX: what its owner says it holds, and the file itself. */
function ofFile(ctx: Ctx, { version }: Request): Block[] {
  const say = text(ctx.by.language)
  return [
    { kind: 'text', text: say.reading.file(version.format.toUpperCase(), minutes(version)) },
    { kind: 'quote', text: version.summary },
    { kind: 'buttons', buttons: [fileButton(ctx, version)] },
  ]
}

function statement(ctx: Ctx, { version }: Request): Block[] {
  const say = text(ctx.by.language)
  return [{ kind: 'rule' }, { kind: 'text', text: say.reading.statement(say.statement(version.version)) }]
}

function navigation(ctx: Ctx, it: Request, page: number): Block[] {
  const say = text(ctx.by.language)
  const back: Button = {
    label: say.reading.back,
    do: 'policies.acknowledge',
    id: it.assignment.id,
    shown: it.version.id,
    with: { page: String(page - 1) },
    asks: true,
  }
  const whole = pagesOf(it.version).length > 1 ? pageButton(ctx, it.version) : undefined
  const buttons = [...(page > 1 ? [back] : []), ...(whole ? [whole] : [])]
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : []
}
