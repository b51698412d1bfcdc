// Reports of machines in the old form (RFC 3164) and in the new one (RFC 5424).
import type { Spoken } from './conversation.ts';

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine reports in both forms.',
    transport: 'udp',
    port: 514,
    messages: [
      ['client', '<34>Oct 11 22:14:15 mymachine su: failed for lonvick'],
      ['client', '<165>1 2026-01-05T12:00:00Z gate.example evntslog 77 ID47 - An event'],
    ],
    says: [
      { 'syslog.facility': 'AUTH', 'syslog.severity': 'CRIT', 'syslog.hostname': undefined },
      {
        'syslog.facility': 'LOCAL4',
        'syslog.severity': 'NOTICE',
        'syslog.hostname': 'gate.example',
        'syslog.app_name': 'evntslog',
        'syslog.msgid': 'ID47',
      },
    ],
  },
  {
    about: 'A message that is cut behind its beginning.',
    transport: 'udp',
    port: 514,
    messages: [['client', '<13>1 2026-01-05T12:00:00Z']],
    says: [{ 'syslog.severity': 'NOTICE', 'syslog.hostname': undefined, 'syslog.length': 22 }],
  },
];
