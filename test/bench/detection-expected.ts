// What is known of captures: attacks, each with the detector or the rule that must tell it.

/** An attack in a capture. */
export interface Attack {
  /** File name without extensions; of our own captures, or of the shared ones as `source/name`. */
  readonly capture: string;
  readonly what: string;
  /** Alerts that tell it: ids of behaviours or names of rules, any one of them is enough. */
  readonly by: readonly string[];
  /** Who attacks or is attacked, where no note beside the capture says so: time runs from their first flow. */
  readonly addresses?: readonly string[];
  /** Nothing tells it, and why. */
  readonly missed?: string;
}

export const attacks: readonly Attack[] = [
  { capture: 'nmap-syn', what: 'SYN scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-connect', what: 'connect scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-udp', what: 'UDP scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-version', what: 'service scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-sweep', what: 'one port of many hosts', by: ['behaviour.port-scan.horizontal'] },
  { capture: 'nmap-sweep', what: 'addresses asked for by ARP', by: ['behaviour.address-sweep.arp'] },
  { capture: 'ssh-bruteforce', what: 'SSH passwords guessed', by: ['behaviour.guessing'] },
  { capture: 'web-bruteforce', what: 'log-in form guessed', by: ['behaviour.login-failure.form'] },
  { capture: 'web-bruteforce', what: 'HTTP basic guessed', by: ['behaviour.login-failure.many'] },
  { capture: 'dns-tunnel', what: 'iodine through the resolver', by: ['behaviour.dns-tunnel'] },
  { capture: 'dns-tunnel-dns2tcp', what: 'dns2tcp, what goes out', by: ['behaviour.dns-tunnel'] },
  { capture: 'dns-tunnel-dns2tcp', what: 'dns2tcp, what comes in', by: ['behaviour.dns-tunnel.answers'] },
  { capture: 'dns-odd', what: 'generated domains', by: ['behaviour.dga'] },
  { capture: 'tls-beacon', what: 'beacon with 20 % jitter', by: ['behaviour.beacon'] },
  { capture: 'bulk-upload', what: 'data taken out', by: ['behaviour.upload'] },
  {
    capture: 'built-domain',
    what: 'administrative share, then a service',
    by: ['behaviour.lateral-movement.execution'],
  },
  { capture: 'built-domain', what: 'a domain’s passwords sprayed', by: ['behaviour.login-failure.users'] },
  { capture: 'built-domain', what: 'one of them found', by: ['behaviour.login-failure.success'] },
  { capture: 'built-databases', what: 'database users sprayed', by: ['behaviour.login-failure.users'] },
  { capture: 'nDPI/tcp_scan', what: 'FIN, NULL and Xmas probes', by: ['behaviour.port-scan.probe'] },
  { capture: 'nDPI/dns-tunnel-iodine', what: 'iodine', by: ['behaviour.dns-tunnel'] },
  { capture: 'nDPI/icmp-tunnel', what: 'tunnel through echo', by: ['behaviour.icmp-tunnel.changing'] },
  { capture: 'nDPI/dns-exf', what: 'packed file in one question', by: ['Packed file in a DNS name'] },
  { capture: 'nDPI/WebattackSQLinj', what: 'SQL injection', by: ['SQL in a request'] },
  { capture: 'nDPI/WebattackRCE', what: 'path traversal', by: ['Path traversal in a request'] },
  { capture: 'nDPI/WebattackRCE', what: 'commands in URLs', by: ['Shell command in a URL'] },
  {
    capture: 'nDPI/WebattackRCE',
    what: 'Shellshock (CVE-2014-6271)',
    by: ['Function definition of bash in a header'],
  },
  { capture: 'nDPI/WebattackRCE', what: 'a Java server’s consoles', by: ['Door of a Java server tried'] },
  { capture: 'nDPI/WebattackRCE', what: 'Nikto and its like', by: ['Web scanner names itself'] },
  {
    capture: 'nDPI/emotet',
    what: 'command server of Emotet',
    by: ['TLS to an outside server without a name', 'behaviour.certificate.made-up'],
    addresses: ['138.197.147.101'],
  },
  {
    capture: 'nDPI/emotet',
    what: 'mail sent with a stolen password',
    by: ['Mail password in clear to the outside (SMTP)'],
    addresses: ['193.252.22.84'],
  },
  {
    capture: 'nDPI/tor',
    what: 'Tor',
    by: ['Certificate as Tor relays make them'],
    addresses: ['192.168.1.252'],
  },
  {
    capture: 'slips/test7-malicious',
    what: 'worm looks for Telnet',
    by: ['behaviour.port-scan.horizontal'],
    // The first that it tries, eight minutes into the capture.
    addresses: ['150.2.123.178'],
  },
  { capture: 'slips/test-cc-capture-2', what: 'calls every 2.0 to 3.6 s', by: ['behaviour.beacon.early'] },
  { capture: 'slips/test12-icmp-portscan', what: 'ICMP scan', by: ['behaviour.address-sweep.icmp'] },
  {
    capture: 'suricata-verify/bug-814',
    what: 'Nikto tries cart32.exe',
    by: ['Web scanner names itself'],
  },
  {
    capture: 'suricata-verify/output-multi-eve',
    what: 'Log4Shell: the victim fetches Exploit.class',
    by: ['Java class fetched by a program'],
  },
  {
    capture: 'suricata-verify/dcerpc-dcerpc-dce-iface-01',
    what: 'service made, run and removed within two seconds',
    by: ['Service made on another machine over RPC'],
  },
  {
    capture: 'suricata-verify/krb5-request-frag-log',
    what: 'Kerberoasting as GetUserSPNs asks',
    by: ['Accounts with service names searched'],
  },
  {
    capture: 'ja4/badcurveball',
    what: 'CurveBall (CVE-2020-0601)',
    by: ['Certificate with an elliptic curve of its own'],
  },
  {
    capture: 'ja4/CVE-2018-6794',
    what: 'answer before the question (CVE-2018-6794)',
    by: [],
    missed:
      'the answers and the questions behind them are events, so nothing is hidden; captures that begin in mid-flow and servers that give up waiting (408) look the same, so there is no alert',
  },
  {
    capture: 'zeek/websocket-wstunnel-http',
    what: 'wstunnel',
    by: ['Tunnel through a WebSocket (wstunnel)'],
  },
  {
    capture: 'zeek/websocket-wstunnel-https',
    what: 'wstunnel',
    by: ['Tunnel through a WebSocket (wstunnel)'],
  },
];
