import type { ViewOutput, ViewStateValue } from '@slack/bolt'
import type { Entries } from '../../src/core/view.ts'
import { fieldName } from './payload.ts'

/** A file as Slack names it in a submission; its bytes are fetched apart. */
export type Uploaded = { id: string; name: string; type: string; url: string }

export type Submitted = { entries: Entries; files: Record<string, Uploaded[]> }

type Values = ViewOutput['state']['values']

/** What was typed, by field. Empty inputs arrive as null or not at all: both mean nothing. */
export function submitted(values: Values | undefined): Submitted {
  const entries: Entries = {}
  const files: Record<string, Uploaded[]> = {}
  for (const [blockId, elements] of Object.entries(values ?? {})) {
    const name = fieldName(blockId)
    for (const value of Object.values(elements)) {
      if (value.type === 'file_input') files[name] = (value.files ?? []).map(uploaded)
      else entries[name] = entryOf(value)
    }
  }
  return { entries, files }
}

function entryOf(value: ViewStateValue): string | string[] | undefined {
  switch (value.type) {
    case 'datepicker':
      return value.selected_date ?? undefined
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return value.selected_option?.value
    case 'multi_static_select':
    case 'checkboxes':
      return (value.selected_options ?? []).map((option) => option.value)
    default:
      return value.value ?? undefined
  }
}

const uploaded = (file: NonNullable<ViewStateValue['files']>[number]): Uploaded => ({
  id: file.id,
  name: file.name,
  type: file.mimetype,
  url: file.url_private_download || file.url_private,
})
