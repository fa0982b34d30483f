#!/usr/bin/env node
import { CommanderError } from 'commander'
import { makeProgram } from './program.ts'
import { EXIT } from './session.ts'

makeProgram()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
  })
