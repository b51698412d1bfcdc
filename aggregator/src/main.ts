#!/usr/bin/env node
// Where the aggregator's process begins.
import { enableCompileCache } from 'node:module';

// What one start compiled the next one need not: commands answer in half the time.
enableCompileCache();
const { main } = await import('./cli.ts');

process.exitCode = await main(process.argv.slice(2));
