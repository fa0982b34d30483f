import { mainJob } from './main-job.ts'
import { openTeams } from './teams-bench.ts'

await mainJob({ name: 'Teams', open: openTeams })
