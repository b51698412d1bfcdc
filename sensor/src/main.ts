#!/usr/bin/env node
// Entry point of the program `yagura-sensor`.
import { enableCompileCache } from 'node:module';
import { startSmall } from './heap.ts';

startSmall();
// Keeps the compiled sources between runs: half of the start-up of a short reading.
enableCompileCache();
const { main } = await import('./cli.ts');
process.exitCode = await main(process.argv.slice(2));
