import { mainJob } from './main-job.ts'
import { openWeb } from './web-bench.ts'

await mainJob({ name: 'the browser', open: openWeb })
