// The fingerprint fields that a record with hellos has: of TLS, DTLS and QUIC alike.
import type { Field } from '../protocol.ts';
import type { Hello } from './hello.ts';
import { ja3, ja3s } from './ja3.ts';
import { ja4, type Transport, writeJa4 } from './ja4.ts';

const QUOTE = 0x22;

interface Ends<Message> {
  client(message: Message): Hello | undefined;
  server(message: Message): Hello | undefined;
  transport(message: Message): Transport;
}

/** A hello that is not whole has no fingerprint: what is missing in it would be missing there. */
const whole = (hello: Hello | undefined): Hello | undefined => (hello?.isWhole ? hello : undefined);

/** @param path `tls` or `quic` */
export function fingerprintFields<Message>(path: string, ends: Ends<Message>): Field<Message>[] {
  const one = (
    name: string,
    alias: string | undefined,
    about: string,
    side: 'client' | 'server',
    what: 'hash' | 'text',
  ): Field<Message> => {
    const make = side === 'client' ? ja3 : ja3s;
    return {
      name: `${path}.${name}`,
      type: 'string',
      class: 'protocol',
      ...(alias === undefined ? {} : { aliases: [alias] }),
      about,
      read: (m) => {
        const hello = whole(ends[side](m));
        return hello && make(hello)[what];
      },
      write: (m, _, out) => {
        const hello = whole(ends[side](m));
        if (hello === undefined) return false;
        out.byte(QUOTE);
        if (what === 'hash') make(hello).writeHash(out);
        else make(hello).writeText(out);
        out.byte(QUOTE);
        return true;
      },
    };
  };
  return [
    one('ja3.hash', 'ja3', 'JA3 of the client.', 'client', 'hash'),
    one('ja3.string', undefined, 'What JA3 is the MD5 of.', 'client', 'text'),
    one('ja3s.hash', 'ja3s', 'JA3S of the server.', 'server', 'hash'),
    one('ja3s.string', undefined, 'What JA3S is the MD5 of.', 'server', 'text'),
    {
      name: `${path}.ja4`,
      type: 'string',
      class: 'protocol',
      aliases: ['ja4'],
      about: 'JA4 of the client.',
      read: (m) => {
        const hello = whole(ends.client(m));
        return hello && ja4(hello, ends.transport(m));
      },
      write: (m, _, out) => {
        const hello = whole(ends.client(m));
        if (hello === undefined) return false;
        out.byte(QUOTE);
        writeJa4(hello, ends.transport(m), out);
        out.byte(QUOTE);
        return true;
      },
    },
  ];
}
