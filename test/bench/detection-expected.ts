// What is known of captures: attacks with the detectors that must tell them, and traffic that is ordinary or is not judged.

/** An attack in a capture. */
export interface Attack {
  /** File name without extensions; of our own captures, or of the shared ones as `source/name`. */
  readonly capture: string;
  readonly what: string;
  /** Alerts that tell it: ids of behaviours or names of rules, any one of them is enough. */
  readonly by: readonly string[];
  /** Who attacks or is attacked, where no note beside the capture says so. */
  readonly addresses?: readonly string[];
}

export const attacks: readonly Attack[] = [
  { capture: 'nmap-syn', what: 'SYN scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-connect', what: 'connect scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-udp', what: 'UDP scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-version', what: 'service scan of one host', by: ['behaviour.port-scan.vertical'] },
  { capture: 'nmap-sweep', what: 'one port of many hosts', by: ['behaviour.port-scan.horizontal'] },
  { capture: 'ssh-bruteforce', what: 'SSH passwords guessed', by: ['behaviour.guessing'] },
  { capture: 'web-bruteforce', what: 'log-in form guessed', by: ['behaviour.login-failure.form'] },
  { capture: 'web-bruteforce', what: 'HTTP basic guessed', by: ['behaviour.login-failure.many'] },
  { capture: 'dns-tunnel', what: 'iodine-like tunnel', by: ['behaviour.dns-tunnel'] },
  { capture: 'dns-tunnel-dns2tcp', what: 'dns2tcp tunnel', by: ['behaviour.dns-tunnel'] },
  { capture: 'dns-odd', what: 'generated domains', by: ['behaviour.dga'] },
  { capture: 'tls-beacon', what: 'beacon with 20 % jitter', by: ['behaviour.beacon'] },
  { capture: 'bulk-upload', what: 'data taken out', by: ['behaviour.upload'] },
  {
    capture: 'built-domain',
    what: 'administrative share, then a service',
    by: ['behaviour.lateral-movement.execution'],
  },
  { capture: 'nDPI/tcp_scan', what: 'FIN, NULL and Xmas probes', by: ['behaviour.port-scan.probe'] },
  { capture: 'nDPI/dns-tunnel-iodine', what: 'iodine', by: ['behaviour.dns-tunnel'] },
  { capture: 'nDPI/icmp-tunnel', what: 'tunnel through echo', by: ['behaviour.icmp-tunnel.changing'] },
  { capture: 'built-domain', what: 'a domain’s passwords sprayed', by: ['behaviour.login-failure.users'] },
  { capture: 'built-domain', what: 'one of them found', by: ['behaviour.login-failure.success'] },
  { capture: 'built-databases', what: 'database users sprayed', by: ['behaviour.login-failure.users'] },
  { capture: 'nDPI/WebattackSQLinj', what: 'SQL injection', by: ['SQL in a request'] },
  { capture: 'nDPI/WebattackRCE', what: 'remote code execution', by: ['Path traversal in a request'] },
  {
    capture: 'nDPI/emotet',
    what: 'Emotet',
    by: ['TLS to an outside server without a name', 'behaviour.certificate.made-up'],
  },
  {
    capture: 'slips/test7-malicious',
    what: 'worm looks for Telnet',
    by: ['behaviour.port-scan.horizontal'],
  },
  { capture: 'slips/test-cc-capture-2', what: 'calls every 2.0 to 3.6 s', by: ['behaviour.beacon.early'] },
  { capture: 'slips/test12-icmp-portscan', what: 'ICMP scan', by: ['behaviour.address-sweep.icmp'] },
];

/** Captures that show no ordinary traffic, or of which nobody says what is in them: their alerts are listed, not judged. */
export const unjudged: Readonly<Record<string, string>> = {};
