#!/usr/bin/env node
// Where the aggregator's process begins.
import { main } from './cli.ts';

process.exitCode = await main(process.argv.slice(2));
