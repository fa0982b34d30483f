import { Refusal } from '../core/errors.ts'
import { keep, setting } from './dotenv.ts'

/** How an address is compared: as the settings read it. */
const plain = (url: string): string => (URL.canParse(url) ? new URL(url).href : url).replace(/\/+$/, '')

/** The --url that was given, or else PUBLIC_URL. Two different ones are refused: the app would lead where no desk is. */
export function publicAddress(given: string | undefined): string | undefined {
  const set = setting('PUBLIC_URL')
  if (given !== undefined && set !== undefined && plain(given) !== plain(set))
    throw new Refusal(
      `--url is ${given}, but PUBLIC_URL is ${set}: leave --url away, or set PUBLIC_URL to the address under which this server is reached.`,
    )
  return given ?? set
}

/** Without PUBLIC_URL the product has no desk, to which the app and its messages lead. */
export function keepAddress(url: string): void {
  if (setting('PUBLIC_URL') === undefined) keep({ PUBLIC_URL: url }, `Kept in .env: PUBLIC_URL=${url}`)
}
