// The Android debug bridge: a shell is opened on a device; another device wants TLS first.
import { be32, type Octets, octets } from '../../support/packets/octets.ts';
import { ordinaryClient, records } from '../../support/packets/tls.ts';
import type { Spoken } from './conversation.ts';

const le32 = (n: number): number[] => be32(n).reverse();
function message(command: string, first: number, second: number, data: Octets = []): Uint8Array {
  const word = octets(command);
  const bytes = octets(data);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return octets(
    word,
    le32(first),
    le32(second),
    le32(bytes.length),
    le32(sum),
    word.map((byte) => byte ^ 0xff),
    bytes,
  );
}

const VERSION = 0x01000001;
const connect = message('CNXN', VERSION, 0x100000, 'host::features=shell_v2,cmd\0');

export const spoken: readonly Spoken[] = [
  {
    about: 'A computer with a known key opens a shell.',
    transport: 'tcp',
    port: 5555,
    messages: [
      ['client', connect],
      ['server', message('AUTH', 1, 0, new Uint8Array(20).fill(7))],
      ['client', message('AUTH', 2, 0, new Uint8Array(256).fill(9))],
      ['server', message('CNXN', VERSION, 4096, 'device:0123:ro.product.name=pixel;\0')],
      ['client', message('OPEN', 1, 0, 'shell:id\0')],
      ['server', message('OKAY', 2, 1)],
    ],
    says: [
      {
        'adb.command': 'connect',
        'adb.version': VERSION,
        'adb.system': 'host',
        'adb.authenticated': undefined,
      },
      {
        'adb.command': 'connect',
        'adb.system': 'device',
        'adb.identity': 'device:0123:ro.product.name=pixel;',
        'adb.authenticated': true,
      },
      { 'adb.command': 'open', 'adb.service': 'shell:id', 'adb.version': undefined },
    ],
  },
  {
    about: 'A device wants TLS.',
    transport: 'tcp',
    port: 5555,
    messages: [
      ['client', connect],
      ['server', message('STLS', 0x01000000, 0)],
      ['client', octets(message('STLS', 0x01000000, 0), records(ordinaryClient('device.example')))],
    ],
    says: [{ 'adb.command': 'connect', 'adb.system': 'host' }],
  },
];
