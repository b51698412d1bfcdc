// What operators do: each act is one transaction together with its entry in the ledger.
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { PrivacyClass } from 'yagura-sensor/wire';
import type { Authority, Body } from './authority/authority.ts';
import { parsePrefix } from './authority/scope.ts';
import { hashSecret, newSecret } from './authority/secrets.ts';
import { isId, sensorId } from './authority/sensor.ts';
import { Problem } from './errors.ts';
import type { Records, RecordsWriter } from './stores/records/index.ts';
import { DAY, fromPerson, MINUTE, now } from './time.ts';

/** How long an enrolment token and a log-in link can be used. */
export const TOKEN_LIFETIME = DAY;
export const LINK_LIFETIME = 15 * MINUTE;

export interface NewAuthority {
  readonly body: string;
  readonly article: string;
  readonly instrument: string;
  readonly prefixes: readonly string[];
  /** Date or RFC 3339. */
  readonly from: string;
  readonly until: string;
  readonly discloses?: readonly PrivacyClass[];
}

export class Operator {
  readonly #records: Records;
  readonly #actor: string;

  /** @param user name in the ledger; the unix user when not given */
  constructor(records: Records, user: string = userInfo().username) {
    this.#records = records;
    this.#actor = `operator:${user}`;
  }

  #act<T>(
    action: string,
    object: string,
    detail: Record<string, unknown>,
    work: (writer: RecordsWriter, at: number) => Promise<T>,
  ): Promise<T> {
    return this.#records.write(async (writer) => {
      const at = now();
      const result = await work(writer, at);
      await writer.append({ actor: this.#actor, action, object, detail }, at);
      return result;
    });
  }

  async #bodyOf(id: string): Promise<Body> {
    const body = await this.#records.body(id);
    if (body === undefined) throw new Problem('not_found', `There is no body "${id}".`);
    return body;
  }

  /** @throws Problem usage, already_exists */
  async addBody(body: Body): Promise<void> {
    if (!isId(body.id))
      throw new Problem('usage', `Body "${body.id}": lower case letters, digits and hyphens, at most 64.`);
    if ((await this.#records.body(body.id)) !== undefined)
      throw new Problem('already_exists', `There is a body "${body.id}" already.`);
    await this.#act('body.added', `body:${body.id}`, { name: body.name, kind: body.kind }, (writer) =>
      writer.addBody(body),
    );
  }

  /** @throws Problem usage, not_found */
  async addAuthority({
    body,
    article,
    instrument,
    prefixes,
    from,
    until,
    discloses = [],
  }: NewAuthority): Promise<Authority> {
    await this.#bodyOf(body);
    const wrong = prefixes.find((prefix) => parsePrefix(prefix) === undefined);
    if (wrong !== undefined)
      throw new Problem('usage', `Prefix "${wrong}": write it as 192.0.2.0/24 or 2001:db8::/32.`);
    if (prefixes.length === 0) throw new Problem('usage', 'An authority names at least one prefix.');
    const [valid_from, valid_until] = [fromPerson(from), fromPerson(until)];
    if (!(valid_from < valid_until))
      throw new Problem(
        'usage',
        `From "${from}" until "${until}": two dates (2026-04-01) or times (RFC 3339, UTC), the first before the second.`,
      );
    const id = `auth-${randomBytes(6).toString('hex')}`;
    const authority: Authority = {
      id,
      body,
      article,
      instrument,
      prefixes,
      valid_from,
      valid_until,
      discloses,
    };
    const detail = { body, article, instrument, prefixes, valid_from, valid_until, discloses };
    await this.#act('authority.added', `authority:${id}`, detail, (writer) => writer.addAuthority(authority));
    return authority;
  }

  /**
   * One-time enrolment token for a sensor of a body.
   * @param fingerprint of the certificate authority, by which the sensor knows the true aggregator
   * @throws Problem usage, not_found
   */
  async issueToken(
    body: string,
    sensor: string,
    fingerprint: string,
    lifetime: number = TOKEN_LIFETIME,
  ): Promise<string> {
    await this.#bodyOf(body);
    if (!isId(sensor))
      throw new Problem('usage', `Sensor "${sensor}": lower case letters, digits and hyphens, at most 64.`);
    const secret = newSecret();
    const object = `sensor:${sensorId(body, sensor)}`;
    await this.#act('token.issued', object, {}, (writer, at) =>
      writer.addToken({ hash: hashSecret(secret), body, sensor, until: at + lifetime, used: null }),
    );
    return `ygr1.${secret}.${fingerprint}`;
  }

  /** Path of a one-time log-in link. @throws Problem usage */
  async issueLoginLink(
    name: string = userInfo().username,
    lifetime: number = LINK_LIFETIME,
  ): Promise<string> {
    if (!/^[\p{L}\p{N}._@-]{1,64}$/u.test(name))
      throw new Problem('usage', `Name "${name}": letters, digits, ". _ @ -", at most 64.`);
    const secret = newSecret();
    await this.#act('login-link.issued', `person:${name}`, {}, (writer, at) =>
      writer.addLoginLink({ hash: hashSecret(secret), name, until: at + lifetime, used: null }),
    );
    return `/login/${secret}`;
  }

  /** @param id `yagura://body/sensor` @throws Problem not_found */
  async revoke(id: string): Promise<void> {
    await this.#act('sensor.revoked', `sensor:${id}`, {}, async (writer, at) => {
      if (!(await writer.revokeSensor(id, at))) throw new Problem('not_found', `There is no sensor "${id}".`);
    });
  }
}
