// Certificates that implants bring, and such that are only cheap or old: the cases of `certificate`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, times } from '../detectors.plays.ts';

const MADE_UP = 'behaviour.certificate.made-up';
const ODD = 'behaviour.certificate.odd';

/** What a bank shows. */
const HONEST = {
  'tls.subject': 'C=JP, O=Example Bank, CN=www.bank.example',
  'tls.issuerdn': 'C=US, O=Example Trust, CN=Example Trust R3',
  'tls.subjectaltname': ['www.bank.example', '*.bank.example'],
  'tls.sni': 'www.bank.example',
  'tls.notbefore': '2025-12-01T00:00:00',
  'tls.notafter': '2026-03-01T00:00:00',
  'tls.fingerprint': 'aa:01',
  'tls.key_type': 'rsa',
  'tls.key_length': 2048,
  'tls.sig_alg': 'sha256WithRSAEncryption',
};
/** What a keystore tool makes when it is given a joke. */
const IMPLANT = {
  'tls.subject': 'C=Earth, ST=Somewhere, L=Nowhere, O=Tool, OU=Testing, CN=Major Tool',
  'tls.issuerdn': 'C=Earth, ST=Somewhere, L=Nowhere, O=Tool, OU=Testing, CN=Major Tool',
  'tls.self_signed': true,
  'tls.subjectaltname': undefined,
  'tls.sni': undefined,
};

function shown(w: Required<Watch>, t: number, given: object, about: Partial<FlowView> = {}): void {
  w.event(event('tls', { ...HONEST, ...given }, at(t), flow({ start: at(t), ...about })));
}

export const cases = of('certificate', [
  {
    name: 'signed by itself, for nobody, with a country that is none',
    raises: [MADE_UP],
    play: (w) => times(5, (i) => shown(w, i, IMPLANT)),
  },
  {
    name: 'the template of a tool, as it comes',
    raises: [MADE_UP],
    play: (w) => {
      const name = 'C=AU, ST=Some-State, O=Internet Widgits Pty Ltd';
      shown(w, 0, { ...IMPLANT, 'tls.subject': name, 'tls.issuerdn': name });
    },
  },
  {
    name: 'letters at random',
    raises: [MADE_UP],
    play: (w) => {
      const name = 'C=KZ, L=Wqkzxvbnt, O=Hgrtplmnw, CN=xkcdqwrtzp';
      shown(w, 0, { ...IMPLANT, 'tls.subject': name, 'tls.issuerdn': name });
    },
  },
  {
    name: 'a name that belongs to nobody',
    raises: [MADE_UP],
    play: (w) => {
      const name = 'C=GB, ST=London, L=London, O=Global, OU=IT Department, CN=example.com';
      shown(w, 0, { ...IMPLANT, 'tls.subject': name, 'tls.issuerdn': name });
    },
  },
  {
    name: 'a call over DTLS, where all sign for themselves',
    raises: [],
    play: (w) => shown(w, 0, IMPLANT, { app_proto: 'dtls', protocol: 17 }),
  },
  {
    name: 'a device that signs for itself, asked for by its name',
    raises: [ODD],
    play: (w) =>
      shown(w, 0, {
        ...IMPLANT,
        'tls.subject': 'CN=camera',
        'tls.issuerdn': 'CN=camera',
        'tls.sni': 'camera',
      }),
  },
  {
    name: 'the same certificate at three hosts of the house is a product',
    raises: [],
    play: (w) => times(9, (i) => shown(w, i, { 'tls.sni': undefined }, { src_ip: `10.1.0.${i}` })),
  },
  {
    name: 'a bank',
    raises: [],
    play: (w) => {
      shown(w, 0, {});
      shown(w, 1, { 'tls.fingerprint': 'aa:02', 'tls.sni': 'api.bank.example' });
    },
  },
  {
    name: 'forgotten for a week, and asked for by another name',
    raises: [],
    play: (w) => {
      shown(w, 0, { 'tls.fingerprint': 'aa:03', 'tls.notafter': '2025-12-29T00:00:00' });
      shown(w, 0, { 'tls.fingerprint': 'aa:04', 'tls.sni': 'a.b.bank.example' });
    },
  },
  {
    name: 'a printer inside',
    raises: [],
    play: (w) => shown(w, 0, IMPLANT, { dest_ip: '10.1.0.99' }),
  },
  {
    name: 'TLS 1.3 shows none',
    raises: [],
    play: (w) => shown(w, 0, { 'tls.subject': undefined, 'tls.fingerprint': undefined }),
  },
]);
