// What is spoken where: the cases of `wrong-port`.
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { INSIDE, of, talk, times } from '../detectors.plays.ts';

const CONTROL = 'behaviour.wrong-port.control';
const OTHER = 'behaviour.wrong-port.other';
const UNKNOWN = 'behaviour.wrong-port.unknown';

const spoken = (
  app_proto: string | undefined,
  dest_port: number,
  given: Partial<FlowView> = {},
): Partial<FlowView> => ({
  ...{ src_ip: INSIDE, app_proto, dest_port, history: 'ShADadFf' },
  ...given,
});

export const cases = of('wrong-port', [
  {
    name: 'remote desktop, SSH and a proxy through open ports',
    raises: [CONTROL, CONTROL, CONTROL],
    play: (w) => {
      times(9, (i) => talk(w, i, spoken('rdp', 443)));
      talk(w, 20, spoken('ssh', 53));
      talk(w, 21, spoken('socks', 80));
    },
  },
  {
    name: 'a name server on the port of mail, and SSH on 443',
    raises: [OTHER, OTHER],
    play: (w) => {
      talk(w, 0, spoken('dns', 25));
      talk(w, 1, spoken('ssh', 443));
    },
  },
  {
    name: 'the same between hosts inside',
    raises: [OTHER],
    play: (w) => talk(w, 0, spoken('ssh', 80, { dest_ip: '10.1.0.9' })),
  },
  {
    name: 'nobody knows what is spoken on 443',
    raises: [UNKNOWN],
    play: (w) => times(5, (i) => talk(w, i, spoken(undefined, 443))),
  },
  {
    name: 'everything at home',
    raises: [],
    play: (w) => {
      for (const [name, port] of [
        ...([
          ['http', 80],
          ['http', 8080],
          ['tls', 443],
          ['tls', 8443],
          ['ssh', 22],
          ['smtp', 587],
        ] as const),
        ...([
          ['tls', 993],
          ['http2', 443],
          ['websocket', 80],
          ['dns', 53],
          ['smb', 139],
          ['rdp', 3389],
        ] as const),
      ])
        talk(w, 0, spoken(name, port));
      for (const [name, port] of [
        ['quic', 443],
        ['dns', 53],
        ['ntp', 123],
        ['syslog', 514],
      ] as const)
        talk(w, 0, spoken(name, port, { protocol: 17 }));
    },
  },
  {
    name: 'mail that became TLS, and TLS anywhere',
    raises: [],
    play: (w) => {
      talk(w, 0, spoken('tls', 587, { app_proto_orig: 'smtp' }));
      talk(w, 1, spoken('tls', 3306));
    },
  },
  {
    name: 'ports that are nobody’s',
    raises: [],
    play: (w) => {
      talk(w, 0, spoken('ssh', 2222));
      talk(w, 1, spoken('http', 9999));
      talk(w, 2, spoken(undefined, 50_000));
    },
  },
  {
    name: 'bytes that are nobody’s, for a reason',
    raises: [],
    play: (w) => {
      talk(w, 0, spoken(undefined, 443, { history: 'DadA' }));
      talk(w, 1, spoken(undefined, 443, { missing_toclient: 1400 }));
      talk(w, 3, spoken(undefined, 443, { payload_toserver: 20 }));
      talk(w, 4, spoken(undefined, 443, { dest_ip: '10.1.0.9' }));
    },
  },
]);
