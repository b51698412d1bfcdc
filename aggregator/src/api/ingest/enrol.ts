// POST /ingest/v1/enrol: a one-time token and a certificate request in, the sensor's certificate out.
import type { FastifyInstance } from 'fastify';
import {
  ENROL_PATH,
  type EnrolledAuthority,
  EnrolReply,
  EnrolRequest,
  TOKEN_PATTERN,
} from 'yagura-sensor/wire';
import { type Authority, current } from '../../authority/authority.ts';
import { hashSecret } from '../../authority/secrets.ts';
import { sensorId } from '../../authority/sensor.ts';
import { Problem } from '../../errors.ts';
import { now, toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';

/** What decides whether a sensor may use the profile `lawful-order`, and until when. */
const disclosure = ({ id, discloses, valid_until }: Authority): EnrolledAuthority => ({
  id,
  discloses: [...discloses],
  until: toRfc3339(valid_until),
});

const TOKEN = new RegExp(TOKEN_PATTERN);

export function enrol(app: FastifyInstance, { records, ca, metrics }: Parts): void {
  async function take({ token, csr }: EnrolRequest): Promise<EnrolReply> {
    if (!TOKEN.test(token)) throw new Problem('token_invalid');
    const [, secret] = token.split('.');
    const hash = hashSecret(secret);
    // Token spent, sensor known and ledger written at once, or not at all.
    const enrolled = await records.write(async (writer) => {
      const at = now();
      // Found by its hash: how long the search takes says nothing about the secret.
      const found = await writer.token(hash);
      if (found === undefined) throw new Problem('token_invalid');
      if (found.used !== null) throw new Problem('token_used');
      if (found.until <= at) throw new Problem('token_expired');
      const id = sensorId(found.body, found.sensor);
      const { certificate, serial, until } = await ca.issue(csr, id);
      await writer.useToken(hash, at);
      await writer.enrolSensor({
        id,
        body: found.body,
        name: found.sensor,
        serial,
        certificate_until: until,
      });
      await writer.append(
        { actor: `sensor:${id}`, action: 'sensor.enrolled', object: id, detail: { serial } },
        at,
      );
      return { id, body: found.body, certificate };
    });
    const authority = current(await records.authorities(enrolled.body), now());
    const prefixes = [...(authority?.prefixes ?? [])];
    return {
      sensor: enrolled.id,
      certificate: enrolled.certificate,
      ca: ca.certificate,
      prefixes,
      ...(authority === undefined ? {} : { authority: disclosure(authority) }),
    };
  }

  app.post<{ Body: EnrolRequest }>(ENROL_PATH, {
    bodyLimit: 16 * 1024,
    schema: { body: EnrolRequest, response: { 200: EnrolReply } },
    async handler(request) {
      try {
        const answer = await take(request.body);
        metrics.enrolments.inc({ result: 'issued' });
        return answer;
      } catch (error) {
        metrics.enrolments.inc({ result: error instanceof Problem ? error.code : 'internal' });
        throw error;
      }
    },
  });
}
