import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'
import type { WebConfig } from './config.ts'
import { framesOf } from './frames.ts'

/** No inline script or style, nothing from elsewhere, no frame but of those named; each answer says so. */
export function makeHeaders(config: WebConfig): (request: IncomingMessage, response: ServerResponse) => void {
  const { secure } = config
  const frames = framesOf(config)
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: frames ? [...frames.hosts] : ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    // It knows no list of hosts; every browser that does not know frame-ancestors is refused a session in a frame.
    xFrameOptions: frames ? false : { action: 'deny' },
  })
  return (request, response) => {
    protect(request, response, (problem) => {
      if (problem !== undefined) throw problem
    })
    response.setHeader('X-Robots-Tag', 'noindex, nofollow')
    response.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    // Pages are one person's; assets set their own.
    response.setHeader('Cache-Control', 'no-store')
  }
}

/** A stored file is never a page: whatever is in it, it runs nothing and is saved, not shown (T27). */
export const FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
