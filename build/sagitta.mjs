#!/usr/bin/env node
/** @file The `sagitta` command of a checkout: sets up what is missing, then runs the command line on Node 24. */
process.argv.splice(2, 0, 'sagitta');
await import('./run.mjs');
