// `enrol`: gives the sensor its identity, from a one-time token of the aggregator.
import { enrol } from '../enrolment.ts';
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  aggregator: {
    kind: 'list',
    about: "https://host:port of the aggregator's ingest listener; several serve the same authority",
  },
  token: { kind: 'text', about: 'one-time token, from "yagura-aggregator token"' },
  state: { kind: 'text', about: 'folder for the key, the certificate and the spool; made if absent' },
} as const;

export const enrolCommand: Command = {
  help: `yagura-sensor enrol --aggregator URL --token TOKEN --state DIR

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options } = parseOptions(args, OPTIONS);
    const { aggregator, token, state } = options;
    if (aggregator.length === 0 || token === undefined || state === undefined)
      throw new SensorError('usage', 'enrol needs --aggregator, --token and --state');
    const identity = await enrol({ aggregators: aggregator, token, state });
    terminal.say(`enrolled as ${identity.sensor}`);
    return 0;
  },
};
