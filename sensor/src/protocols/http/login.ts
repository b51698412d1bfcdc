// Who logs in with NTLM or Kerberos inside HTTP (RFC 4559, MS-NTHT): the client's token and the server's challenge, read
// as one log-in. Names only; challenges and answers to them are no fields.

import { type Login, loginFields, readTokenText } from '../gssapi.ts';
import type { Field } from '../protocol.ts';
import type { Transaction } from './transaction.ts';

const TOKEN = /^(?:NTLM|Negotiate) +([A-Za-z0-9+/=]{8,})/i;

/** The header fields that may carry a token, of both sides. */
const carriers = ({ request, response }: Transaction): readonly (string | undefined)[] => [
  response?.headers['www-authenticate'],
  response?.headers['proxy-authenticate'],
  request?.headers.authorization,
  request?.headers['proxy-authorization'],
];

const hasToken = (t: Transaction): boolean =>
  ((t.request?.hasLogin ?? false) || (t.response?.hasLogin ?? false)) &&
  carriers(t).some((text) => text !== undefined && TOKEN.test(text));

function login(t: Transaction): Login | undefined {
  const found: Login = {};
  let isAny = false;
  for (const text of carriers(t)) {
    const token = text === undefined ? undefined : TOKEN.exec(text)?.[1];
    if (token !== undefined && readTokenText(token, found)) isAny = true;
  }
  return isAny ? found : undefined;
}

export const loginFieldsOfHttp: readonly Field<Transaction>[] = loginFields<Transaction>('http', login).map(
  (field) => ({ ...field, when: hasToken }),
);
