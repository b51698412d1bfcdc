// What protocols say of a log-in: whether it failed, and whose it was. Names of users are read in place and never leave.
import type { Event } from '../../protocols/event.ts';
import { Look } from '../look.ts';

export type Outcome = 'failed' | 'succeeded' | 'tried' | undefined;

export interface Logins {
  /** As people call the service. */
  readonly service: string;
  /** Fields that are read. */
  readonly fields: readonly string[];
  /** `tried`: it was a log-in, and how it ended cannot be told. */
  outcome(event: Event): Outcome;
  user(event: Event): string | undefined;
}

/** Looks at fields of one type by their names without the type. */
class Fields {
  readonly names: string[] = [];
  readonly #looks = new Map<string, Look>();

  constructor(type: string, names: readonly string[]) {
    for (const name of names) {
      this.names.push(`${type}.${name}`);
      this.#looks.set(name, new Look(`${type}.${name}`));
    }
  }
  text(name: string, event: Event): string | undefined {
    return this.#looks.get(name)!.text(event);
  }
  read(name: string, event: Event): unknown {
    const value = this.#looks.get(name)!.read(event);
    return typeof value === 'object' ? value[0] : value;
  }
}

type Judge = (read: (name: string) => unknown) => Outcome;

function logins(
  type: string,
  service: string,
  names: readonly string[],
  users: readonly string[],
  judge: Judge,
): readonly [string, Logins] {
  const fields = new Fields(type, [...names, ...users]);
  let now: Event;
  const read = (name: string): unknown => fields.read(name, now);
  const one: Logins = {
    service,
    fields: fields.names,
    outcome(event) {
      now = event;
      return judge(read);
    },
    user(event) {
      for (const name of users) {
        const text = fields.text(name, event);
        // The words of Suricata's EVE for none.
        if (text !== undefined && text !== '' && text !== '<empty>') return text;
      }
      return undefined;
    },
  };
  return [type, one];
}

const WRONG_SMB = new Set(
  'STATUS_LOGON_FAILURE STATUS_WRONG_PASSWORD STATUS_NO_SUCH_USER STATUS_ACCOUNT_LOCKED_OUT STATUS_ACCOUNT_DISABLED'.split(
    ' ',
  ),
);
const WRONG_KERBEROS = new Set(
  'KDC_ERR_PREAUTH_FAILED KDC_ERR_C_PRINCIPAL_UNKNOWN KDC_ERR_CLIENT_REVOKED'.split(' '),
);
/** Their answers are given to a password that was sent; NTLM and Negotiate are refused as part of every log-in. */
const PASSWORD_SCHEMES = new Set(['basic', 'digest']);
const LOGIN_PAGE = /log-?[io]n|sign-?in|logon|auth(?:$|[/?]|enticat)|session|account\/access/i;
/** Characters of an address that are looked at. */
const MAX_URL = 200;
/** SQL Server's, MySQL's, MongoDB's, PostgreSQL's numbers for a refused log-in. */
const WRONG_TDS = 18_456;
const WRONG_MYSQL = 1045;
const WRONG_MONGODB = 18;
const WRONG_PGSQL = new Set(['28P01', '28000']);

const said = (success: unknown): Outcome =>
  success === true ? 'succeeded' : success === false ? 'failed' : undefined;

/** By event type. */
export const LOGINS: ReadonlyMap<string, Logins> = new Map([
  logins('krb5', 'Kerberos', ['msg_type', 'error_code'], ['client', 'cname'], (read) => {
    const type = read('msg_type');
    if (type === 'KRB_AS_REP') return 'succeeded';
    return type === 'KRB_ERROR' && WRONG_KERBEROS.has(String(read('error_code'))) ? 'failed' : undefined;
  }),
  logins('smb', 'SMB', ['command', 'status'], ['ntlmssp.user'], (read) => {
    const command = read('command');
    if (command !== 'SMB2_COMMAND_SESSION_SETUP' && command !== 'SMB1_COMMAND_SESSION_SETUP_ANDX')
      return undefined;
    const status = String(read('status'));
    if (WRONG_SMB.has(status)) return 'failed';
    return status === 'STATUS_SUCCESS' ? 'succeeded' : undefined;
  }),
  logins('http', 'HTTP', ['status', 'http_method', 'authorization_scheme', 'url'], [], (read) => {
    const status = read('status');
    if (typeof status !== 'number') return undefined;
    const isRefused = status === 401 || status === 403 || status === 407;
    const scheme = read('authorization_scheme');
    if (typeof scheme === 'string' && PASSWORD_SCHEMES.has(scheme.toLowerCase()))
      return isRefused ? 'failed' : status < 400 ? 'succeeded' : undefined;
    if (read('http_method') !== 'POST') return undefined;
    const url = read('url');
    if (typeof url !== 'string' || !LOGIN_PAGE.test(url.slice(0, MAX_URL))) return undefined;
    // A form that comes again says nothing in its status; one that leads on was let in.
    return isRefused ? 'failed' : status === 200 ? 'tried' : status < 400 ? 'succeeded' : undefined;
  }),
  logins('ftp', 'FTP', ['command', 'completion_code'], ['user'], (read) => {
    if (read('command') !== 'PASS') return undefined;
    const code = read('completion_code');
    return code === '530' ? 'failed' : code === '230' ? 'succeeded' : undefined;
  }),
  logins('smtp', 'SMTP', ['auth_code'], [], (read) => {
    const code = read('auth_code');
    return code === 535 ? 'failed' : code === 235 ? 'succeeded' : undefined;
  }),
  logins('pop3', 'POP3', ['request.command', 'response.success'], ['user'], (read) => {
    const command = read('request.command');
    return command === 'PASS' || command === 'APOP' || command === 'AUTH'
      ? said(read('response.success'))
      : undefined;
  }),
  logins('imap', 'IMAP', ['command', 'status'], ['user'], (read) => {
    const command = read('command');
    if (command !== 'LOGIN' && command !== 'AUTHENTICATE') return undefined;
    const status = read('status');
    return status === 'NO' ? 'failed' : status === 'OK' ? 'succeeded' : undefined;
  }),
  logins(
    'ldap',
    'LDAP',
    ['request.operation', 'result'],
    ['request.bind_request.name', 'ntlmssp.user'],
    (read) => {
      if (read('request.operation') !== 'bind_request') return undefined;
      const result = read('result');
      return result === 'invalid_credentials' ? 'failed' : result === 'success' ? 'succeeded' : undefined;
    },
  ),
  logins('radius', 'RADIUS', ['result'], ['username'], (read) => {
    const result = read('result');
    return result === 'failed' ? 'failed' : result === 'success' ? 'succeeded' : undefined;
  }),
  logins('rfb', 'VNC', ['authentication.security_result'], [], (read) => {
    const result = read('authentication.security_result');
    return result === 'FAIL' ? 'failed' : result === 'OK' ? 'succeeded' : undefined;
  }),
  logins('tds', 'SQL Server', ['success', 'error_code'], ['user'], (read) =>
    read('success') === true ? 'succeeded' : read('error_code') === WRONG_TDS ? 'failed' : undefined,
  ),
  logins('mysql', 'MySQL', ['success', 'error_code'], ['user'], (read) =>
    read('success') === true ? 'succeeded' : read('error_code') === WRONG_MYSQL ? 'failed' : undefined,
  ),
  logins('mongodb', 'MongoDB', ['success', 'error_code'], ['user'], (read) =>
    read('success') === true ? 'succeeded' : read('error_code') === WRONG_MONGODB ? 'failed' : undefined,
  ),
  logins(
    'pgsql',
    'PostgreSQL',
    ['response.code', 'response.auth'],
    ['request.startup_parameters.user'],
    (read) => (WRONG_PGSQL.has(String(read('response.code'))) ? 'failed' : undefined),
  ),
  logins('telnet', 'Telnet', ['login_failed', 'login_success'], [], (read) =>
    read('login_failed') === true ? 'failed' : read('login_success') === true ? 'succeeded' : undefined,
  ),
  logins('socks', 'SOCKS', ['auth_success'], ['user'], (read) => said(read('auth_success'))),
]);
