// A device looked for and found (UPnP Device Architecture 2.0 §1.3), and one that says goodbye (§1.2).
import type { Spoken } from './conversation.ts';

const lines = (...text: readonly string[]): string => `${text.join('\r\n')}\r\n\r\n`;

export const spoken: readonly Spoken[] = [
  {
    about: 'A program looks for routers, and one answers.',
    transport: 'udp',
    port: 1900,
    messages: [
      [
        'client',
        lines(
          'M-SEARCH * HTTP/1.1',
          'HOST: 239.255.255.250:1900',
          'MAN: "ssdp:discover"',
          'MX: 2',
          'ST: upnp:rootdevice',
          'USER-AGENT: Example/1.0',
        ),
      ],
      [
        'server',
        lines(
          'HTTP/1.1 200 OK',
          'CACHE-CONTROL: max-age=120',
          'ST: upnp:rootdevice',
          'USN: uuid:7::upnp:rootdevice',
          'SERVER: Example/2 UPnP/1.1 Gate/3',
          'LOCATION: http://192.0.2.1:5000/d.xml',
        ),
      ],
    ],
    says: [
      {
        'ssdp.method': 'm-search',
        'ssdp.st': 'upnp:rootdevice',
        'ssdp.user_agent': 'Example/1.0',
        'ssdp.nt': undefined,
      },
      {
        'ssdp.method': 'response',
        'ssdp.server': 'Example/2 UPnP/1.1 Gate/3',
        'ssdp.usn': 'uuid:7::upnp:rootdevice',
        'ssdp.location': 'http://192.0.2.1:5000/d.xml',
      },
    ],
  },
  {
    about: 'A device leaves.',
    transport: 'udp',
    port: 1900,
    messages: [
      [
        'client',
        lines(
          'NOTIFY * HTTP/1.1',
          'HOST: 239.255.255.250:1900',
          'NT: upnp:rootdevice',
          'NTS: ssdp:byebye',
          'USN: uuid:7',
        ),
      ],
    ],
    says: [{ 'ssdp.method': 'notify', 'ssdp.nts': 'ssdp:byebye', 'ssdp.nt': 'upnp:rootdevice' }],
  },
];
