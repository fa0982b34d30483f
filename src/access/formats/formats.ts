import { atlassianUsers } from './atlassian.ts'
import { awsCredentialReport } from './aws.ts'
import { canonical } from './canonical.ts'
import { entraUsers } from './entra.ts'
import { entraReviewHistory } from './entra-review.ts'
import { githubMembers } from './github.ts'
import { gitlabMembers } from './gitlab.ts'
import { googleUsers } from './google.ts'
import { linuxGroup, linuxPasswd } from './linux.ts'
import { oktaAssignments } from './okta.ts'
import { postgresqlMembers, postgresqlRoles } from './postgresql.ts'
import { proboSource } from './probo.ts'
import { salesforceUsers } from './salesforce.ts'
import { scimUsers } from './scim.ts'
import { slackMembers } from './slack.ts'
import type { Format } from './types.ts'
import { vantaAccess } from './vanta.ts'

/**
 * Every format there is. No header fits two of them (tested), so the order decides nothing.
 * A new one: its file, a line here, a sample with its origin in test/access/exports, its receipt in a test.
 */
export const formats: readonly Format[] = [
  atlassianUsers,
  awsCredentialReport,
  canonical,
  entraReviewHistory,
  entraUsers,
  githubMembers,
  gitlabMembers,
  googleUsers,
  linuxGroup,
  linuxPasswd,
  oktaAssignments,
  postgresqlMembers,
  postgresqlRoles,
  proboSource,
  salesforceUsers,
  scimUsers,
  slackMembers,
  vantaAccess,
]
