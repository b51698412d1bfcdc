// Rules that match on what may not leave: the alert may say that they did, and nothing of what they saw.
const rule = (number: number, title: string, category: string, detection: string): string => `title: ${title}
id: 00000000-0000-4000-8000-0000000000${number}
name: ${title.replaceAll(' ', '_')}
status: test
description: ${title}.
logsource: { category: ${category} }
detection:
  it: { ${detection} }
  condition: it
level: high
`;

const correlation = (number: number, title: string, how: string): string => `title: ${title}
id: 00000000-0000-4000-8000-0000000000${number}
status: test
correlation:
  ${how}
level: critical
`;

/** File name → text. */
export const CANARY_RULES: Readonly<Record<string, string>> = {
  'url.yml': rule(10, 'target asks for the log-in', 'proxy', "cs-uri|contains: '/login'"),
  'url-regex.yml': rule(11, 'target with a query', 'proxy', "cs-uri|re: '^/login.*[?].*=[A-Za-z%]+'"),
  'referer.yml': rule(12, 'page it came from', 'proxy', "cs-referrer|contains: 'www.example'"),
  'redirect.yml': rule(13, 'place it is sent to', 'proxy', "http.redirect|startswith: '/next'"),
  'txt.yml': rule(14, 'text of a name', 'dns', "dns.answers.text|re: '[A-Za-z]{20,}'"),
  'counted.yml': correlation(
    20,
    'many targets of one client',
    'type: value_count\n  rules: [target_asks_for_the_log-in]\n  group-by: [src_ip]\n  timespan: 10m\n  condition: { field: http.url, gte: 5 }',
  ),
  'grouped.yml': correlation(
    21,
    'one target again and again',
    'type: event_count\n  rules: [target_asks_for_the_log-in]\n  group-by: [http.url]\n  timespan: 10m\n  condition: { gte: 1 }',
  ),
};
