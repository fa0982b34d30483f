import { contract } from './contract.ts'
import { openMemory } from './memory-bench.ts'

await contract({ name: 'the chat in memory', inbox: '/isms', open: openMemory })
