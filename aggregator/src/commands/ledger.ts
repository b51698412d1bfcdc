// "ledger verify": proves that nobody changed what was written down.
import { Problem } from '../errors.ts';
import { verify } from '../ledger/ledger.ts';
import { type Command, parse, withState } from './command.ts';

/** `12:<hash>` as an earlier run printed it. */
function noted(text: string): [number, string] {
  const parts = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (parts === null) throw new Problem('usage', `--head ${text}: write it as an earlier run printed it.`);
  return [Number(parts[1]), parts[2]];
}

export const ledgerVerify: Command = {
  name: 'ledger verify',
  usage: '[--head SEQ:HASH…]',
  about: 'Checks every entry of the ledger against its chain, and against heads noted earlier.',
  async run(args, { out }) {
    const { values } = parse(args, { head: { type: 'string', multiple: true } });
    const expected = new Map((values.head ?? []).map(noted));
    const verdict = await withState(values.state, ({ records }) => verify(records.ledgerWalk(), expected));
    const { entries, head, broken } = verdict;
    if (broken !== undefined) throw new Problem('ledger_broken', `Entry ${broken.seq}: ${broken.reason}.`);
    out(`${entries} entries, unbroken. Note this head elsewhere: ${entries}:${head}`);
    return 0;
  },
};
