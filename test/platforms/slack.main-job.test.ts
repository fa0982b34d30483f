import { mainJob } from './main-job.ts'
import { openSlack } from './slack-bench.ts'

await mainJob({ name: 'Slack', open: openSlack })
