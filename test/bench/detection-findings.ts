// Verdicts on alerts in captures of ordinary work: what really is as the rule says, and captures that are not ordinary.

/** Alerts that are right in a capture, each demanded, and the fact that shows it (read with tshark, or another's verdict). */
export interface Finding {
  readonly capture: string;
  readonly by: readonly string[];
  readonly fact: string;
}

const OLD_TLS = 'TLS before version 1.2';
const BROKEN_CIPHER = 'Broken cipher agreed on';
const BROKEN_HASH = 'Certificate signed with a broken hash';
const SHORT_KEY = 'Server key too short';
const ODD_PORT = 'TLS on an unusual port';
const FOREIGN_RESOLVER = 'Foreign resolver over HTTPS or TLS';

export const findings: readonly Finding[] = [
  {
    capture: 'cleartext-login',
    by: ['Web password in clear'],
    fact: 'HTTP Basic of 10.20.1.12, which went over its IPv6 address',
  },
  {
    capture: 'dns-tunnel-dns2tcp',
    by: ['Very long DNS name'],
    fact: 'names of the tunnel, to the resolver and from the resolver on',
  },
  {
    capture: 'indicator-hits',
    by: [
      'Example dropper: cdn.update-check.example',
      'Example phishing kit: mail-verify.example',
      'Example threat: 203.0.113.66',
    ],
    fact: 'listed names and addresses, asked of the resolver, by the resolver, and visited',
  },
  {
    capture: 'arkime/adb_synthetic',
    by: ['Shell opened on an Android device'],
    fact: 'an OPEN of "shell:ls -la" on port 5555',
  },
  {
    capture: 'arkime/bacnet-stack-services',
    by: ['File written to a controller of a building', 'Controller of a building cut off or restarted'],
    fact: 'atomicWriteFile, deviceCommunicationControl and reinitializeDevice are sent and in part acknowledged',
  },
  {
    capture: 'arkime/ntlm_synthetic',
    by: ['Log-in by NTLMv1', 'Log-in by NTLMv1 at a web server'],
    fact: 'NTLM responses of 24 bytes: those of version 2 are longer',
  },
  {
    capture: 'arkime/snmpv3_synthetic',
    by: ['SNMP with a community of the factory', 'Device set by SNMP without protection'],
    fact: 'communities "public" and "private", the latter with a set request of version 1',
  },
  { capture: 'arkime/tls-client-sessionid', by: [OLD_TLS], fact: 'the server hello says TLS 1.0' },
  {
    capture: 'arkime/wireshark-dtls0',
    by: [SHORT_KEY, BROKEN_HASH],
    fact: 'an RSA key of 1,024 bits, signed with MD5',
  },
  { capture: 'ja4/dtls-udp.notest', by: [SHORT_KEY], fact: 'an RSA key of 1,024 bits' },
  {
    capture: 'ja4/https3-301-get',
    by: [OLD_TLS, BROKEN_CIPHER, BROKEN_HASH],
    fact: 'TLS 1.0 with RC4-128, certificate signed with SHA-1',
  },
  {
    capture: 'ja4/socks-https-example',
    by: [OLD_TLS, BROKEN_CIPHER, BROKEN_HASH],
    fact: 'TLS 1.0 with RC4-128, certificate signed with SHA-1',
  },
  { capture: 'nDPI/dns_doh', by: [FOREIGN_RESOLVER], fact: 'nDPI, too, calls the flow DNS over HTTPS' },
  {
    capture: 'nDPI/dnscrypt-v2-doh',
    by: [FOREIGN_RESOLVER, ODD_PORT],
    fact: 'nDPI: DNS over HTTPS; three flows with "Known Proto on Non Std Port" (453)',
  },
  {
    capture: 'nDPI/fuzz-2006-09-29-28586',
    by: ['Web password in clear'],
    fact: 'nDPI: "Clear-Text Credentials"; the request has "Authorization: Basic"',
  },
  {
    capture: 'nDPI/tor',
    by: [OLD_TLS, SHORT_KEY, BROKEN_HASH],
    fact: 'nDPI: "Obsolete TLS" in seven flows; RSA keys of 1,024 bits, signed with SHA-1',
  },
  {
    capture: 'nDPI/WebattackRCE',
    by: [
      'Program fetched from a bare address',
      'Flaw of a home router tried',
      'Request for files that should not be served',
      'Web shell used',
    ],
    fact: 'nDPI: "RCE Injection" in 52 flows, "Possible Exploit Attempt" in two; the URLs name what is tried',
  },
  {
    capture: 'nDPI/dns-tunnel-iodine',
    by: ['DNS question of a type that tunnels use', 'Very long DNS name'],
    fact: 'questions of type NULL; nDPI: "Susp DNS Traffic"',
  },
  {
    capture: 'suricata-verify/bug-5633-gre-02',
    by: ['Packets inside packets to the outside'],
    fact: 'GRE in clear from 172.27.1.66 to 66.59.109.137',
  },
  {
    capture: 'suricata-verify/dnp3-dnp3-en-spon',
    by: ['Control network spoken to from outside'],
    fact: 'an outstation at a public address (130.126.140.229) takes a command without authentication',
  },
  {
    capture: 'suricata-verify/krb5-request-frag-log',
    by: ['Directory asked outside'],
    fact: '192.169.160.131 is a public address: 192.168/16 ends below it',
  },
  {
    capture: 'suricata-verify/pop3',
    by: ['Mailbox password in clear to the outside (POP3)'],
    fact: 'USER and PASS to 74.208.5.11, answered +OK',
  },
  {
    capture: 'suricata-verify/smb-named-pipe-ascii',
    by: ['SMB 1 in use'],
    fact: 'negotiation and pipe are spoken in SMB 1',
  },
  {
    capture: 'suricata-verify/tls-tls-pre-1970',
    by: [OLD_TLS, BROKEN_CIPHER],
    fact: 'TLS 1.0 with RC4-128',
  },
  {
    capture: 'zeek/http-connect-with-header',
    by: [BROKEN_CIPHER],
    fact: 'the server chooses TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  },
  {
    capture: 'zeek/ldap-simpleauth',
    by: ['Directory password in clear'],
    fact: 'a simple bind with name and password on port 3268',
  },
  {
    capture: 'zeek/modbus-fuzz-72',
    by: ['Control network spoken to from outside'],
    fact: 'Modbus between 192.168.66.235 and 166.161.16.230, a public address',
  },
  { capture: 'zeek/mysql-encrypted', by: [OLD_TLS], fact: 'the server hello says TLS 1.1' },
  {
    capture: 'zeek/rdp-rdp-proprietary-encryption',
    by: ['Remote desktop without network level authentication'],
    fact: 'the server grants RDP’s own encryption, no TLS',
  },
  {
    capture: 'zeek/redis-django-cloud',
    by: ['Database outside spoken to in clear'],
    fact: 'Redis in clear with 18.234.186.95',
  },
  {
    capture: 'zeek/ssh-ssh.client-side-half-duplex',
    by: ['SSH version 1'],
    fact: '192.168.2.1 says SSH-1.5 in nine connections',
  },
  {
    capture: 'zeek/tls-pop3-starttls',
    by: [BROKEN_HASH],
    fact: 'the certificate is signed with MD5',
  },
];

/** Captures that show no ordinary traffic, and why: their packets do not count as ordinary. */
export const extraordinary: Readonly<Record<string, string>> = {
  'nDPI/fuzz-2006-09-29-28586': 'bytes were changed at random',
  'suricata-verify/bug-7414-decoder-event-01': 'headers broken on purpose',
  'tcpdump/dns-zlip-1': 'a name that points to itself, made to hang a reader',
  'tcpdump/ipv6_39_byte_header': 'a header cut short on purpose',
  'tcpdump/isis-seg-fault-3': 'bytes that once crashed a reader',
  'tcpdump/isis_poi2': 'bytes that once crashed a reader',
  'zeek/modbus-fuzz-72': 'bytes and flags were changed at random',
  'zeek/snmp-snmp-crash-62790': 'bytes that once crashed a reader',
};
