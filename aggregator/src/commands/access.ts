// "token", "revoke", "login-link": who may send and who may look.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../config.ts';
import { LINK_LIFETIME, Operator, TOKEN_LIFETIME } from '../operator.ts';
import { ADDRESSES_FILE, type Addresses } from '../state.ts';
import { MINUTE } from '../time.ts';
import { type Command, needed, parse, withState } from './command.ts';

const text = { type: 'string' } as const;

export const token: Command = {
  name: 'token',
  usage: '--body ID --sensor NAME',
  about: `Prints an enrolment token for one sensor: once, within ${TOKEN_LIFETIME / MINUTE / 60} hours.`,
  async run(args, { out }) {
    const { values } = parse(args, { body: text, sensor: text });
    const body = needed('--body', values.body);
    const sensor = needed('--sensor', values.sensor);
    out(
      await withState(values.state, ({ records, ca }) =>
        new Operator(records).issueToken(body, sensor, ca.fingerprint),
      ),
    );
    return 0;
  },
};

export const revoke: Command = {
  name: 'revoke',
  usage: 'yagura://BODY/SENSOR',
  about: "Ends a sensor's trust at once; a new token would begin it again.",
  async run(args, { out }) {
    const { values, positionals } = parse(args, {});
    const id = needed('The id of the sensor', positionals[0]);
    await withState(values.state, ({ records }) => new Operator(records).revoke(id));
    out(`${id} revoked`);
    return 0;
  },
};

/** Where the running aggregator serves the console; its default when none runs. */
function webAddress(state: string): string {
  try {
    return (JSON.parse(readFileSync(join(state, ADDRESSES_FILE), 'utf8')) as Addresses).web;
  } catch {
    return `http://${SETTINGS.web.default}`;
  }
}

export const loginLink: Command = {
  name: 'login-link',
  usage: '[--name NAME]',
  about: `Prints a link that logs a person in: once, within ${LINK_LIFETIME / MINUTE} minutes.`,
  async run(args, { out }) {
    const { values } = parse(args, { name: text });
    const path = await withState(values.state, ({ records }) =>
      new Operator(records).issueLoginLink(values.name),
    );
    out(webAddress(values.state ?? SETTINGS.state.default) + path);
    return 0;
  },
};
