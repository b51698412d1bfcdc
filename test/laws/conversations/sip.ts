// SIP as RFC 3261 has it: a call over UDP, a registration over TCP with a body and signs of life between.
import type { Spoken } from './conversation.ts';

export const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
const INVITE = lines(
  'INVITE sip:bob@two.example SIP/2.0',
  'Via: SIP/2.0/UDP pc.example;branch=z9hG4bK77',
  'f: "Alice" <sip:alice@one.example>;tag=19',
  'To: <sip:bob@two.example>',
  'i: a84b4c76@pc.example',
  'CSeq: 314 INVITE',
  'User-Agent: Phone/1',
  'c: application/sdp',
  'l: 4',
);
const RINGING = lines(
  'SIP/2.0 180 Ringing',
  'From: "Alice" <sip:alice@one.example>;tag=19',
  'To : <sip:bob@two.example>;tag=8',
  'Call-ID: a84b4c76@pc.example',
  'CSeq: 314 INVITE',
  'Server: Desk/2',
  'Content-Length: 0',
);

export const spoken: readonly Spoken[] = [
  {
    about: 'A call that rings.',
    transport: 'udp',
    port: 5060,
    messages: [
      ['client', `${INVITE}v=0\n`],
      ['client', '\r\n\r\n'],
      ['server', RINGING],
    ],
    says: [
      {
        'sip.method': 'INVITE',
        'sip.uri': 'sip:bob@two.example',
        'sip.version': 'SIP/2.0',
        'sip.request_line': 'INVITE sip:bob@two.example SIP/2.0',
        'sip.from': '"Alice" <sip:alice@one.example>',
        'sip.call_id': 'a84b4c76@pc.example',
        'sip.cseq': '314 INVITE',
        'sip.user_agent': 'Phone/1',
        'sip.content_type': 'application/sdp',
        'sip.content_length': 4,
        'sip.code': undefined,
      },
      {
        'sip.method': undefined,
        'sip.code': '180',
        'sip.reason': 'Ringing',
        'sip.response_line': 'SIP/2.0 180 Ringing',
        'sip.to': '<sip:bob@two.example>',
        'sip.server': 'Desk/2',
      },
    ],
  },
  {
    about: 'A call over TCP, with its body and signs of life.',
    transport: 'tcp',
    port: 5060,
    messages: [
      ['client', `${INVITE}v=0\n\r\n\r\n`],
      ['server', `\r\n${RINGING}${RINGING}`],
      ['client', lines('BYE sip:bob@two.example SIP/2.0', 'CSeq: 315 BYE')],
    ],
    says: [
      { 'sip.method': 'INVITE' },
      { 'sip.code': '180' },
      { 'sip.code': '180' },
      { 'sip.method': 'BYE', 'sip.content_length': 0, 'sip.from': undefined },
    ],
  },
  {
    about: 'Something else behind a call.',
    transport: 'tcp',
    port: 5060,
    messages: [
      ['client', lines('OPTIONS sip:x SIP/2.0', 'l: 0')],
      ['client', 'what is this\r\n'],
    ],
    says: [{ 'sip.method': 'OPTIONS' }],
    anomalies: ['invalid_message'],
  },
];
