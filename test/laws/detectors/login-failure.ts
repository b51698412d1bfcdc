// Log-ins that fail, and who fails to log in honestly: the cases of `login-failure`.
import { at, event, flow } from '../../support/stage.ts';
import { of, type Play, times } from '../detectors.plays.ts';

const MANY = 'behaviour.login-failure.many';
const FORM = 'behaviour.login-failure.form';
const USERS = 'behaviour.login-failure.users';
const SUCCESS = 'behaviour.login-failure.success';

type Watch = Parameters<Play>[0];
const say = (w: Watch, t: number, type: string, values: Record<string, unknown>, src = '10.1.0.66'): void =>
  w.event(event(type, values, at(t), flow({ src_ip: src, dest_ip: '10.1.0.25' })));

const kerberos = (w: Watch, t: number, user: string, isRight = false, src?: string): void =>
  say(
    w,
    t,
    'krb5',
    isRight
      ? { 'krb5.msg_type': 'KRB_AS_REP', 'krb5.cname': user }
      : { 'krb5.msg_type': 'KRB_ERROR', 'krb5.error_code': 'KDC_ERR_PREAUTH_FAILED', 'krb5.client': user },
    src,
  );
const smb = (w: Watch, t: number, user: string, status: string): void =>
  say(w, t, 'smb', {
    'smb.command': 'SMB2_COMMAND_SESSION_SETUP',
    'smb.status': status,
    'smb.ntlmssp.user': user,
  });
const ftp = (w: Watch, t: number, code: string): void =>
  say(w, t, 'ftp', { 'ftp.command': 'PASS', 'ftp.user': 'hanako', 'ftp.completion_code': [code] });
const http = (w: Watch, t: number, values: Record<string, unknown>): void =>
  say(w, t, 'http', { 'http.http_method': 'POST', 'http.url': '/login?next=/', ...values });

/** A failure of each protocol that tells one. */
const FAILURES: Readonly<Record<string, Record<string, unknown>>> = {
  pop3: { 'pop3.request.command': 'PASS', 'pop3.response.success': false },
  imap: { 'imap.command': 'LOGIN', 'imap.status': 'NO' },
  smtp: { 'smtp.auth_code': 535 },
  ldap: { 'ldap.request.operation': 'bind_request', 'ldap.result': 'invalid_credentials' },
  radius: { 'radius.result': 'failed' },
  rfb: { 'rfb.authentication.security_result': 'FAIL' },
  tds: { 'tds.success': false, 'tds.error_code': 18_456 },
  mysql: { 'mysql.success': false, 'mysql.error_code': 1045 },
  mongodb: { 'mongodb.success': false, 'mongodb.error_code': 18 },
  pgsql: { 'pgsql.response.code': '28P01' },
  telnet: { 'telnet.login_failed': true },
  socks: { 'socks.auth_success': false },
  http: {
    'http.status': 401,
    'http.authorization_scheme': 'Basic',
    'http.http_method': 'GET',
    'http.url': '/',
  },
};

export const cases = of('login-failure', [
  ...Object.entries(FAILURES).map(([type, values]) => ({
    name: `${type}: refused again and again`,
    raises: [MANY],
    play: (w: Watch) => times(60, (i) => say(w, i, type, values)),
  })),
  {
    name: 'one user, many passwords, then the right one',
    raises: [MANY, SUCCESS],
    play: (w) => {
      times(100, (i) => ftp(w, i, '530'));
      ftp(w, 101, '230');
    },
  },
  {
    name: 'Kerberos: one password for many users',
    raises: [USERS],
    play: (w) => times(15, (i) => kerberos(w, i * 60, `user${i}`)),
  },
  {
    name: 'SMB: many users, and one of them gets in',
    raises: [USERS, SUCCESS],
    play: (w) => {
      times(15, (i) => smb(w, i * 60, `user${i}`, 'STATUS_LOGON_FAILURE'));
      smb(w, 1_000, 'user15', 'STATUS_SUCCESS');
    },
  },
  {
    name: 'a person who mistypes, and gets in',
    raises: [],
    play: (w) => {
      times(6, (i) => ftp(w, i * 5, '530'));
      ftp(w, 40, '230');
    },
  },
  {
    name: 'a program with an old password, once a minute all day',
    raises: [],
    play: (w) => times(1_000, (i) => smb(w, i * 60, 'backup', 'STATUS_LOGON_FAILURE')),
  },
  {
    name: 'a gateway: two hundred people log in, every tenth mistypes',
    raises: [],
    play: (w) =>
      times(400, (i) => {
        kerberos(w, i * 15, `user${i % 200}`, true);
        if (i % 10 === 0) kerberos(w, i * 15, `user${i % 200}`);
      }),
  },
  {
    name: 'Kerberos asks every client for proof first',
    raises: [],
    play: (w) =>
      times(200, (i) =>
        say(w, i, 'krb5', {
          'krb5.msg_type': 'KRB_ERROR',
          'krb5.error_code': 'KDC_ERR_PREAUTH_REQUIRED',
          'krb5.client': `user${i}`,
        }),
      ),
  },
  {
    name: 'NTLM refuses as part of each log-in',
    raises: [],
    play: (w) =>
      times(300, (i) =>
        http(w, i, { 'http.http_method': 'GET', 'http.status': 401, 'http.authorization_scheme': 'NTLM' }),
      ),
  },
  {
    name: 'a form that comes again, and leads on at last',
    raises: [FORM, SUCCESS],
    play: (w) => {
      times(120, (i) => http(w, i, { 'http.status': 200 }));
      http(w, 121, { 'http.status': 302 });
    },
  },
  {
    name: 'a page that posts all the time, but no log-in',
    raises: [],
    play: (w) => times(300, (i) => http(w, i, { 'http.status': 200, 'http.url': '/api/telemetry' })),
  },
  {
    name: 'pages that may not be seen',
    raises: [],
    play: (w) => times(300, (i) => http(w, i, { 'http.status': 403, 'http.http_method': 'GET' })),
  },
]);
