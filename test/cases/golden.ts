// `npm run golden`: rewrites the expected lines of all cases, or of those named, for review with `git diff`.
import { writeFileSync } from 'node:fs';
import { cases, describeCase, expectedFile, expectedLines, runCase } from './case.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !cases.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no case ${unknown.join(', ')}; there are ${cases.join(', ')}\n`);
  process.exitCode = 2;
} else
  for (const name of wanted.length > 0 ? wanted : cases) {
    const { lines, status, said } = await runCase(name);
    if (status !== (describeCase(name).status ?? 0)) {
      process.stderr.write(`${name}: ended with ${status}, and is left as it was\n${said}`);
      process.exitCode = 1;
      continue;
    }
    const before = expectedLines(name);
    writeFileSync(expectedFile(name), lines.map((line) => `${line}\n`).join(''));
    const changed =
      lines.filter((line, i) => line !== before[i]).length + Math.max(0, before.length - lines.length);
    process.stdout.write(`${name.padEnd(28)}${lines.length} lines, ${changed} changed\n`);
  }
