import { contract } from './contract.ts'
import { openWeb } from './web-bench.ts'

const READ = 'the desk reads what was said from the database, so nothing can be lost on the way'

await contract({
  name: 'the browser desk',
  inbox: '/isms',
  open: openWeb,
  skip: {
    'what can never arrive is marked and not tried again': READ,
    'T36 a rate limit makes the lane wait, and then it arrives': READ,
    'what may have arrived is not sent twice without saying so': READ,
  },
})
