import { columnName } from './header.ts'
import { ExportRefused } from './refused.ts'
import { refusal } from './text.ts'
import type { Header } from './types.ts'

// crypt(3), bcrypt, argon2, scrypt, PBKDF2, phpass, LDAP, PostgreSQL, private keys. By what is in the file, never by its name.
const hash =
  /\$(?:1|5|6|7|y|gy|apr1|sha1|md5|P|H|S)\$[./A-Za-z0-9$=,]{8}|\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20}|\$(?:argon2|scrypt|pbkdf2)[a-z0-9-]*\$|\{(?:SSHA|SHA|SMD5|MD5|CRYPT|PBKDF2)[0-9]*\}|SCRAM-SHA-\d+\$|\bmd5[0-9a-f]{32}\b|-----BEGIN [A-Z ]*PRIVATE KEY/i
// name:password:last:min:max:warn:inactive:expire:flag
const shadow = /^[^:\r\n]+:[^:\r\n]*:\d*:\d*:\d*:\d*:\d*:\d*:[^:\r\n]*$/m
// group:password:administrators:members, and passwd with something in the password field
const gshadow = /^[^:\s]+:[!*]+:(?!-?\d+:)[^:\r\n]*:[^:\r\n]*$/m
const passwd = /^[^:\s]+:(?!x:|\*+:|!+:|:)[^:\s]+:\d+:\d+:[^:\r\n]*:[^:\r\n]*:[^:\r\n]*$/m

const piece = 1024 * 1024

/** Refuses files that hold password hashes or keys. Reads the file in pieces that end at a line. */
export function refuseSecrets(text: Buffer): void {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(10, from + piece)
    const stop = end < 0 ? text.length : end + 1
    // latin1 keeps one character per byte and is all that these patterns look at
    const part = text.toString('latin1', from, stop)
    // The shape of such a file shows at its head; hashes are looked for everywhere.
    if (from === 0 && (shadow.test(part) || gshadow.test(part))) throw new ExportRefused('secrets', refusal.shadow)
    if (hash.test(part) || (from === 0 && passwd.test(part))) throw new ExportRefused('secrets', refusal.hashes)
    from = stop
  }
}

const secretNames = new Set(
  (
    'password,passwd,pwd,pass,passphrase,passwort,rolpassword,temporary password,initial password,password hash,' +
    'passwordhash,hash,hashed password,salt,secret,client secret,secret key,secret access key,api key,apikey,token,' +
    'api token,access token,refresh token,private key,recovery code,recovery codes,totp secret,mfa secret,otp secret,pin'
  ).split(','),
)

/** Positions of columns that may hold nothing or stars only. */
export function secretColumns(header: Header): number[] {
  return header.names.flatMap((name, position) => (secretNames.has(name.replaceAll(/[_-]+/g, ' ')) ? [position] : []))
}

const masked = /^\s*[*•]*\s*$/

export function isMasked(value: string): boolean {
  return masked.test(value)
}

/** The first property of such a name with something in it, anywhere in a JSON document. */
export function secretProperty(document: unknown): string | undefined {
  // A list instead of recursion: a document may be nested deeper than the stack.
  const open: unknown[] = [document]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner !== 'string') open.push(inner)
      else if (secretNames.has(columnName(name)) && !isMasked(inner)) return name
    }
  }
  return undefined
}
