// Security tokens inside other protocols: GSS-API (RFC 2743 §3.1) and SPNEGO (RFC 4178) unwrapped down to NTLM or Kerberos.
import { base64 } from '../bytes/base64.ts';
import { application, context, Element, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE } from '../bytes/ber.ts';
import { startsWith } from '../bytes/text.ts';
import { AP_REQ, type KrbMessage, readKerberos, typeOf } from './krb5/message.ts';
import { isNtlm, type Ntlm, ntlmFields, readNtlm } from './ntlm.ts';
import type { Field } from './protocol.ts';

/** Wrappers around the token proper: GSS-API around SPNEGO around GSS-API around Kerberos. */
const MAX_LAYERS = 4;

const SPNEGO = Uint8Array.of(0x2b, 6, 1, 5, 5, 2);
/** Of a Kerberos AP-REQ behind the mechanism's name (RFC 4121 §4.1). */
const TOKEN_AP_REQ = 0x01;

/** What the tokens of one log-in say. */
export interface Login {
  mechanism?: 'NTLM' | 'Kerberos';
  ntlm?: Ntlm;
  kerberos?: KrbMessage;
}

/** Reads one token into what is known of the log-in. False when there is nothing in it that can be read. */
export function readToken(b: Uint8Array, at: number, end: number, login: Login): boolean {
  const e = new Element();
  let [from, to] = [at, end];
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    if (isNtlm(b, from, to)) {
      login.mechanism = 'NTLM';
      return readNtlm(b, from, to, (login.ntlm ??= {})) !== 0;
    }
    // A token may be cut at the end of what was gathered: names stand at its front.
    if (!e.open(b, from, to)) return false;
    const stop = Math.min(e.to, to);
    if (typeOf(e.tag) === AP_REQ) {
      login.mechanism = 'Kerberos';
      login.kerberos = readKerberos(b, from, to);
      return login.kerberos !== undefined;
    }
    if (e.tag === application(0)) {
      if (!e.is(OBJECT_IDENTIFIER, b, e.from, stop)) return false;
      const isSpnego = startsWith(b, e.from, e.to, SPNEGO);
      [from, to] = [e.to, stop];
      // Kerberos puts two octets before its message.
      if (!isSpnego && to - from > 2 && b[from] === TOKEN_AP_REQ && b[from + 1] === 0) from += 2;
    } else if (e.tag === context(0) || e.tag === context(1)) {
      if (!e.open(b, e.from, stop) || e.tag !== SEQUENCE) return false;
      if (!inner(b, e.from, Math.min(e.to, stop), e)) return false;
      [from, to] = [e.from, Math.min(e.to, stop)];
    } else return false;
  }
  return false;
}

/** The token that a NegTokenInit or NegTokenResp carries: both have it at [2]. */
function inner(b: Uint8Array, from: number, end: number, e: Element): boolean {
  // Ends: each turn is an element on.
  for (let at = from; e.open(b, at, end); at = e.to) {
    if (e.tag === context(2)) return e.open(b, e.from, Math.min(e.to, end)) && e.tag === OCTET_STRING;
    if (e.to > end) return false;
  }
  return false;
}

/** The same of a token in Base64, as `Authorization: Negotiate …` and AUTH commands carry it. */
export function readTokenText(text: string, login: Login): boolean {
  const bytes = base64(text);
  return readToken(bytes, 0, bytes.length, login);
}

/** Fields of a log-in: `<path>.ntlmssp.…` and `<path>.kerberos.…`. */
export const loginFields = <Message>(
  path: string,
  of: (message: Message) => Login | undefined,
): Field<Message>[] => [
  ...ntlmFields<Message>(`${path}.ntlmssp`, (m) => of(m)?.ntlm),
  {
    name: `${path}.kerberos.realm`,
    type: 'string',
    class: 'name',
    about: 'Realm of the ticket that logs in.',
    read: (m) => of(m)?.kerberos?.realm,
  },
  {
    name: `${path}.kerberos.snames`,
    type: 'string',
    class: 'name',
    about: 'Service that the ticket is for.',
    read: (m) => of(m)?.kerberos?.snames,
  },
];
