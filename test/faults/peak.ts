// Loaded into the program before its own code: at its end it says the most memory that it ever had, as the kernel counts.
import { readFileSync, writeSync } from 'node:fs';

const STANDARD_ERROR = 2;

// Not `process.resourceUsage()`: that begins with the memory of whoever started the program.
process.on('exit', () => {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeSync(STANDARD_ERROR, `peak ${kib} KiB\n`);
});
