import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { APP_ID, SERVICE, teamsChat } from './chats.ts'

/** The keys of a Bot Framework on loopback, and a chat whose activities are signed with them. */
export async function startService() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const keys = [{ kty: 'RSA', use: 'sig', kid: 'bench', n, e, endorsements: ['msteams'] }]
    const metadata = { issuer: 'https://api.botframework.com', jwks_uri: `http://127.0.0.1:${port}/keys` }
    const body = request.url === '/keys' ? { keys } : { ...metadata, id_token_signing_alg_values_supported: ['RS256'] }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const seconds = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://api.botframework.com',
    aud: APP_ID,
    serviceurl: SERVICE,
    nbf: seconds - 60,
    exp: seconds + 3600,
  }
  const signed = `${encoded({ typ: 'JWT', alg: 'RS256', kid: 'bench' })}.${encoded(claims)}`
  const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')
  return {
    chat: teamsChat(`${signed}.${signature}`),
    metadataUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metadata`,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    close: () => void server.close(),
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
