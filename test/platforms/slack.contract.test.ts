import { contract } from './contract.ts'
import { openSlack } from './slack-bench.ts'

await contract({ name: 'Slack', inbox: '/isms', open: openSlack })
