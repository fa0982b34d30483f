import { ENTER, isToken } from '../../src/core/doors.ts'

/**
 * The personal tab, for whoever lays out addresses: where it begins, and who may show it in a frame. The hosts are those
 * that Microsoft names for Teams, Outlook and Microsoft 365 [learn.microsoft.com/microsoftteams/platform, tab
 * requirements: frame-ancestors], but for outlook-sdf.office365.com, a test ring of Outlook; the other two of Outlook,
 * outlook.office.com and its test ring outlook-sdf.office.com, are within *.office.com. No other page may lie around or
 * over ours (T42).
 */
export const TAB = {
  path: '/teams/tab',
  hosts: [
    'https://teams.microsoft.com',
    'https://*.teams.microsoft.com',
    'https://*.cloud.microsoft',
    'https://*.microsoft365.com',
    'https://*.office.com',
    'https://outlook.office365.com',
  ],
} as const

/** Its id in the manifest, and so in the links that lead to it. */
const ENTITY = 'inbox'

/** Deep links. [learn.microsoft.com/microsoftteams/platform, deep link to an application; to a chat] */
const TEAMS = 'https://teams.microsoft.com/l'

export const chatLink = (appId: string): string => `${TEAMS}/chat/0/0?users=28:${appId}&message=inbox`

/**
 * The same way in, in the tab: a single-use link of the desk and nothing else. undefined: no such link. A client that
 * cannot show the tab opens the link itself (`webUrl`).
 */
export function tabLink(href: string, desk: string, appId: string): string | undefined {
  const before = `${desk}${ENTER}`
  const token = href.slice(before.length)
  if (!href.startsWith(before) || !isToken(token)) return undefined
  const context = encodeURIComponent(JSON.stringify({ subEntityId: token }))
  return `${TEAMS}/entity/${appId}/${ENTITY}?webUrl=${encodeURIComponent(href)}&context=${context}`
}
