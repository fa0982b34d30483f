import { filled, privilegedByName } from './cells.ts'
import { note, reason } from './text.ts'
import type { Grant, LinesFormat } from './types.ts'

const passwdLine = /^[^:\s]+:(?:x|\*+|!+)?:-?\d+:-?\d+:[^:]*:[^:]*:[^:]*$/
const groupLine = /^[^:\s]+:(?:x|\*+|!+)?:-?\d+:[^:]*$/
const nisLine = /^[+-]/

/** Every line fits, and at least one is more than a comment or an include from NIS. */
function allAre(lines: readonly string[], shape: RegExp): boolean {
  const own = lines.filter((line) => !line.startsWith('#') && !nisLine.test(line))
  return own.length > 0 && own.every((line) => shape.test(line))
}

/** uids below this belong to the system on today's distributions (UID_MIN in login.defs). */
const firstPerson = 1000
const noLogin = /(nologin|false|sync|shutdown|halt)$/

/** /etc/passwd: who may log in, and who is root under whatever name. Nothing in it tells of last use. */
export const linuxPasswd: LinesFormat = {
  kind: 'lines',
  name: 'linux-passwd',
  version: 1,
  title: 'Linux: /etc/passwd',
  matches: (lines) => allAre(lines, passwdLine),
  open: (context) => (line) => {
    if (nisLine.test(line)) {
      context.note(note.netgroup)
      return { rejected: reason.netgroup }
    }
    if (!passwdLine.test(line)) return { rejected: reason.shape }
    const [user = '', password = '', uid = '', gid = '', gecos = '', , shell = ''] = line.split(':')
    const id = Number(uid)
    const closed = noLogin.test(shell)
    const entitlement: Grant['entitlement'] =
      id === 0
        ? { key: 'uid 0', label: 'root (uid 0)', privileged: 'yes' }
        : closed
          ? { key: 'no login', label: `No login (${shell})`, privileged: 'no' }
          : { key: 'login', label: `Login (${shell || '/bin/sh'})`, privileged: 'unknown' }
    const facts = { uid, gid, shell, passwordRequired: password === '' ? 'no' : 'unknown' }
    return {
      grants: [
        {
          system: context.options.system,
          account: {
            id: user,
            label: user,
            name: filled(gecos.split(',')[0]),
            kind: id === 0 || id >= firstPerson ? 'unknown' : 'service',
            status: closed ? 'inactive' : 'active',
          },
          entitlement,
          lastUsedAt: 'not read',
          leaver: 'not read',
          facts,
        },
      ],
    }
  },
}

const great = new Set(['root', 'sudo', 'wheel', 'admin', 'adm', 'docker', 'lxd', 'disk', 'shadow', 'libvirt'])

/** /etc/group: one grant per member. A group without members is accepted and grants nothing. */
export const linuxGroup: LinesFormat = {
  kind: 'lines',
  name: 'linux-group',
  version: 1,
  title: 'Linux: /etc/group',
  matches: (lines) => allAre(lines, groupLine),
  open(context) {
    context.note(note.groupPrimary)
    return (line) => {
      if (nisLine.test(line)) {
        context.note(note.netgroup)
        return { rejected: reason.netgroup }
      }
      if (!groupLine.test(line)) return { rejected: reason.shape }
      const [group = '', , gid = '', members = ''] = line.split(':')
      const names = new Set(
        members
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      )
      const privileged = great.has(group) ? 'yes' : privilegedByName(group)
      return {
        grants: [...names].map((name) => ({
          system: context.options.system,
          account: { id: name, label: name, kind: 'unknown', status: 'unknown' },
          entitlement: { key: `group ${group}`, label: group, privileged },
          lastUsedAt: 'not read',
          leaver: 'not read',
          facts: { gid },
        })),
      }
    }
  },
}
