import { problemsOf, type TeamsConfig } from './config.ts'
import { KEYS, LOGIN, makeEgress } from './egress.ts'
import { entraCode } from './errors.ts'
import { fetchKeys } from './keys.ts'
import { makeSdk } from './sdk.ts'

/** One sentence per problem between this configuration and Microsoft, with its cure; empty when everything is well. */
export async function checkTeams(config: TeamsConfig): Promise<string[]> {
  const problems = problemsOf(config)
  if (problems.length > 0) return problems
  const { fetch: send } = makeEgress(config, config.fetch ?? fetch)
  try {
    // Anew: the SDK remembers a token for an hour, whatever became of the secret.
    await makeSdk(config, send).token(true)
  } catch (error) {
    // MSAL names what Entra answered: AADSTS7000215 is a wrong secret, AADSTS700016 an app that the tenant does not know.
    const code = entraCode(error)
    return code
      ? [`Entra does not accept the credential (${code}): compare app id, tenant and secret with the registration.`]
      : [
          `Entra cannot be reached: check the network or a proxy; ${new URL(config.login ?? LOGIN).host} must be reachable.`,
        ]
  }
  const keys = config.openIdMetadataUrl ?? KEYS
  return fetchKeys(keys, send).then(
    () => [],
    () => [
      `The keys that Teams signs with cannot be fetched: ${new URL(keys).host} must be reachable, or nothing that people do in Teams is believed.`,
    ],
  )
}
