// A screen is shared over VNC with a password, without one in the old way, and not at all (RFC 6143 §7).
import { be16, be32, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const screen = (name: string): Uint8Array =>
  octets(
    be16(1280),
    be16(800),
    [32, 24, 0, 1],
    be16(255),
    be16(255),
    be16(255),
    [16, 8, 0, 0, 0, 0],
    be32(name.length),
    name,
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'The password is right.',
    transport: 'tcp',
    port: 5900,
    messages: [
      ['server', 'RFB 003.008\n'],
      ['client', 'RFB 003.008\n'],
      ['server', [2, 2, 19]],
      ['client', [2]],
      ['server', new Uint8Array(16).fill(0x41)],
      ['client', new Uint8Array(16).fill(0x42)],
      ['server', be32(0)],
      ['client', [1]],
      ['server', screen('desk')],
      ['client', [3, 0, 0, 0, 0, 0, 5, 0, 3, 0x20]],
    ],
    says: [
      {
        'rfb.server_protocol_version.major': '003',
        'rfb.client_protocol_version.minor': '008',
        'rfb.authentication.security_type': 2,
        'rfb.authentication.method': 'VNC',
        'rfb.authentication.security_result': 'OK',
        'rfb.authentication.offered': [2, 19],
        'rfb.screen_shared': true,
        'rfb.framebuffer.width': 1280,
        'rfb.framebuffer.height': 800,
        'rfb.framebuffer.name': 'desk',
        'rfb.framebuffer.pixel_format.depth': 24,
        'rfb.framebuffer.pixel_format.red_shift': 16,
      },
    ],
  },
  {
    about: 'The password is wrong, and too often.',
    transport: 'tcp',
    port: 5901,
    messages: [
      ['server', 'RFB 003.008\n'],
      ['client', 'RFB 003.008\n'],
      ['server', [1, 2]],
      ['client', [2]],
      ['server', new Uint8Array(16).fill(0x41)],
      ['client', new Uint8Array(16).fill(0x42)],
      ['server', octets(be32(1), be32(9), 'too often')],
    ],
    says: [
      {
        'rfb.authentication.security_result': 'FAIL',
        'rfb.server_security_failure_reason': 'too often',
        'rfb.framebuffer': undefined,
      },
    ],
  },
  {
    about: 'An old client needs no password.',
    transport: 'tcp',
    port: 5900,
    messages: [
      ['server', 'RFB 003.003\n'],
      ['client', 'RFB 003.003\n'],
      ['server', be32(1)],
      ['client', [0]],
      ['server', screen('x')],
    ],
    says: [
      { 'rfb.authentication.method': 'None', 'rfb.screen_shared': false, 'rfb.framebuffer.height': 800 },
    ],
  },
  {
    about: 'A session goes on in a way of its own.',
    transport: 'tcp',
    port: 5900,
    messages: [
      ['server', 'RFB 003.008\n'],
      ['client', 'RFB 003.008\n'],
      ['server', [1, 19]],
      ['client', [19]],
      ['server', [0, 2]],
    ],
    says: [{ 'rfb.authentication.method': 'VeNCrypt', 'rfb.authentication.security_result': undefined }],
  },
];
