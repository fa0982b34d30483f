import { type Access, placeOf, userOf } from './access.ts'

/**
 * Why the database cannot be reached, as one sentence with the cure; errors that are not about reaching it are returned
 * as they are. Codes: PostgreSQL appendix A, and Node's of the network.
 */
export function explained(error: unknown, access: Access): Error {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown }
  // A file of ours that is missing is no missing socket.
  if (code === 'ENOENT' && syscall !== 'connect') return error as Error
  const cure = typeof code === 'string' ? cureOf(code, access) : undefined
  if (cure) return new Error(`Cannot use the database ${placeOf(access)}: ${cure} (${String(code)}).`)
  return error instanceof Error ? error : new Error(String(error))
}

function cureOf(code: string, access: Access): string | undefined {
  const user = userOf(access) ?? 'the user'
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'nothing listens there; start PostgreSQL or correct host and port in DATABASE_URL'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is unknown; correct it in DATABASE_URL'
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
      return 'no answer within 10 seconds; check host, port and firewall'
    case 'ECONNRESET':
    case 'CONNECTION_CLOSED':
      return 'the server hung up; if it wants TLS, add ?sslmode=require to DATABASE_URL'
    case '28P01':
      return `the password of ${user} is wrong; correct it in DATABASE_URL`
    case '28000':
      return `${user} may not log in; create the user or allow it in pg_hba.conf`
    case '3D000':
      return `the database does not exist; run: createdb ${databaseOf(access)}`
    case '22023':
    case '42704':
      return `the role ${access.role ?? ''} does not exist yet; run the migrations first`
    case '42501':
      return `${user} lacks a right; let the database be owned by the user of DATABASE_OWNER_URL (or DATABASE_URL)`
    case '53300':
      return 'the server has no free connection; raise max_connections or stop another client'
    case '57P03':
      return 'the server is starting or stopping; try again in a moment'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'its certificate is not trusted; give the authority in NODE_EXTRA_CA_CERTS'
    default:
      return undefined
  }
}

function databaseOf(access: Access): string {
  return access.database ?? (access.url ? new URL(access.url).pathname.slice(1) : '')
}
