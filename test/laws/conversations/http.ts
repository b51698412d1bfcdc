// A page behind a log-in: the server asks for NTLM, challenges, and is answered (MS-NTHT §4.1).
import { ntlmAuthenticate, ntlmChallenge, ntlmNegotiate } from '../../support/packets/rpc.ts';
import type { Spoken } from './conversation.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const request = (...fields: readonly string[]): string =>
  ['GET /start HTTP/1.1', 'Host: intra.example.test', ...fields, '', ''].join('\r\n');
const refusal = (challenge: string): string =>
  ['HTTP/1.1 401 Unauthorized', `WWW-Authenticate: ${challenge}`, 'Content-Length: 0', '', ''].join('\r\n');

export const spoken: readonly Spoken[] = [
  {
    about: 'A client logs in with NTLM, in three steps.',
    transport: 'tcp',
    port: 80,
    messages: [
      ['client', request()],
      ['server', refusal('NTLM')],
      ['client', request(`Authorization: NTLM ${base64(ntlmNegotiate())}`)],
      ['server', refusal(`NTLM ${base64(ntlmChallenge('WEB-SRV-07', 'KANSHI'))}`)],
      ['client', request(`Authorization: NTLM ${base64(ntlmAuthenticate('KANSHI', 'h.sato', 'PC-SATO-3'))}`)],
      ['server', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    ],
    says: [
      { 'http.status': 401, 'http.authenticate_scheme': 'NTLM', 'http.ntlmssp.user': undefined },
      { 'http.status': 401, 'http.authorization_scheme': 'NTLM', 'http.ntlmssp.user': undefined },
      {
        'http.status': 200,
        'http.authorization_scheme': 'NTLM',
        'http.ntlmssp.domain': 'KANSHI',
        'http.ntlmssp.user': 'h.sato',
        'http.ntlmssp.host': 'PC-SATO-3',
      },
    ],
  },
];
