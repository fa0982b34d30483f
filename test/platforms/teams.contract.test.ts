import { contract } from './contract.ts'
import { openTeams } from './teams-bench.ts'

await contract({ name: 'Teams', inbox: 'inbox', open: openTeams })
