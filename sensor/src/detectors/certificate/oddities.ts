// What is odd about a server certificate, and how much: by its shape, not by a list of known bad ones.

/** What TLS said of a certificate and of the session around it. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string | undefined;
  readonly names: readonly string[];
  readonly sni: string | undefined;
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly isSelfSigned: boolean;
  readonly keyType: string | undefined;
  readonly keyLength: number | undefined;
  readonly signature: string | undefined;
}

export interface Oddity {
  readonly weight: number;
  readonly en: string;
  readonly ja: string;
  /** The field that shows it. */
  readonly field: string;
}

const odd = (weight: number, field: string, en: string, ja: string): Oddity => ({ weight, field, en, ja });

const SELF_SIGNED = odd(2, 'tls.self_signed', 'it is signed by itself', '自己署名');
const EXPIRED = odd(1, 'tls.notafter', 'it has expired', '有効期限切れ');
const EARLY = odd(1, 'tls.notbefore', 'it is not valid yet', '有効期間の開始前');
const LONG = odd(1, 'tls.notafter', 'it is valid for many years', '極端に長い有効期間');
const BACKWARD = odd(2, 'tls.notafter', 'its validity ends before it begins', '有効期間が逆転');
const NAMELESS = odd(1, 'tls.sni', 'the client asked for no name', 'SNIなし');
const OTHER_NAME = odd(1, 'tls.sni', 'it is for another name than was asked for', 'SNIと名前が不一致');
const NO_HOST = odd(1, 'tls.subject', 'it names no host', 'ホスト名の記載なし');
const EMPTY = odd(2, 'tls.subject', 'it names nobody', '主体者が空');
const TEMPLATE = odd(2, 'tls.subject', "it keeps the words of a tool's template", 'ツールの初期値のまま');
const COUNTRY = odd(2, 'tls.subject', 'its country is none', '国コードが不正');
const RANDOM = odd(2, 'tls.subject', 'its names are letters at random', '無作為な文字列の名前');
const RESERVED = odd(
  3,
  'tls.subject',
  'it is for a name that belongs to nobody',
  '予約済みの例示用ドメイン名',
);
const WEAK_KEY = odd(1, 'tls.key_length', 'its key is short', '鍵長不足');
const WEAK_HASH = odd(1, 'tls.sig_alg', 'it is signed with a broken hash', '脆弱な署名ハッシュ');

const DAY = 86_400_000;
/** ms: clocks differ. */
const TOLERANCE = DAY;
/** Ten times what browsers take (398 days; CA/Browser Forum SC-31): no authority of the web signs such. */
const VERY_LONG = 3_600 * DAY;
/** Since 2017 no authority of the web signs with SHA-1. */
const SHA1_ENDED = Date.UTC(2017, 0, 1);
/** RFC 8996 and CA/Browser Forum 6.1.5; ECDSA needs less. */
const LEAST_RSA = 2048;
/** What OpenSSL, keytool, IIS and installers write where nobody answered their questions. */
const TEMPLATES =
  /\b(Some-State|Internet Widgits|Default (City|Company|Locality)|My Company|Example (Inc|Corp|Company)|Unknown, O=Unknown)\b/i;

/** Names that nobody can own (RFC 2606 §3). */
const NOBODYS = /(^|\.)example\.(com|net|org)$/i;

/** Everything odd, the heaviest first. @param now ms since 1970 */
export function odditiesOf(c: Certificate, now: number): Oddity[] {
  const found: Oddity[] = [];
  if (c.isSelfSigned) found.push(SELF_SIGNED);
  validity(c, now, found);
  subject(c, found);
  if (c.sni === undefined || c.sni === '') found.push(NAMELESS);
  else if (!isFor(c, c.sni)) found.push(OTHER_NAME);
  if ((c.keyType === 'rsa' || c.keyType === 'dsa') && (c.keyLength ?? LEAST_RSA) < LEAST_RSA)
    found.push(WEAK_KEY);
  const start = c.notBefore === undefined ? 0 : Date.parse(`${c.notBefore}Z`);
  if (/md[245]/i.test(c.signature ?? '') || (/sha1/i.test(c.signature ?? '') && start >= SHA1_ENDED))
    found.push(WEAK_HASH);
  return found.sort((a, b) => b.weight - a.weight);
}

function validity(c: Certificate, now: number, found: Oddity[]): void {
  if (c.notBefore === undefined || c.notAfter === undefined) return;
  const [start, end] = [Date.parse(`${c.notBefore}Z`), Date.parse(`${c.notAfter}Z`)];
  if (Number.isNaN(start) || Number.isNaN(end)) return;
  if (end <= start) found.push(BACKWARD);
  else if (now > end + TOLERANCE) found.push(EXPIRED);
  if (now < start - TOLERANCE) found.push(EARLY);
  if (end - start > VERY_LONG) found.push(LONG);
}

function subject(c: Certificate, found: Oddity[]): void {
  const parts = partsOf(c.subject);
  if (parts.length === 0) {
    if (c.names.length === 0) found.push(EMPTY);
    return;
  }
  const country = parts.find(([type]) => type === 'C')?.[1];
  if (country !== undefined && !/^[A-Za-z]{2}$/.test(country)) found.push(COUNTRY);
  if (TEMPLATES.test(c.subject)) found.push(TEMPLATE);
  const name = parts.findLast(([type]) => type === 'CN')?.[1];
  if (name !== undefined && NOBODYS.test(name)) found.push(RESERVED);
  if (c.names.length === 0 && (name === undefined || !/[.:]/.test(name))) found.push(NO_HOST);
  const texts = parts.filter(([type]) => type !== 'C').map(([, text]) => text);
  const random = texts.filter(isRandom).length;
  // One strange word is somebody's name for a machine; most of them are a generator's.
  if (c.isSelfSigned && random > 0 && random * 2 >= texts.length) found.push(RANDOM);
}

/** `C=JP, O=Example, CN=a.example` as pairs. */
function partsOf(name: string): [type: string, text: string][] {
  return name
    .split(/,\s*(?=[A-Za-z]+=)/)
    .map((part): [string, string] => {
      const cut = part.indexOf('=');
      return [part.slice(0, cut).toUpperCase(), part.slice(cut + 1).trim()];
    })
    .filter(([type, text]) => type !== '' && text !== '');
}

/** Letters that no language puts so: hardly a vowel, six consonants in a row, or digits all over. */
export function isRandom(text: string): boolean {
  const word = text.replace(/\.(com|net|org|info|biz|[a-z]{2})$/i, '');
  if (word.length < 7 || /[\s.-]/.test(word)) return false;
  const letters = word.replace(/[^a-z]/gi, '');
  const changes = word.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0;
  const vowels = letters.match(/[aeiouy]/gi)?.length ?? 0;
  return (
    changes >= 4 || (letters.length >= 7 && (vowels * 6 < letters.length || /[^aeiouy\d]{6}/i.test(word)))
  );
}

/** RFC 9525: a wildcard stands for one whole label, the first. */
function isFor(c: Certificate, sni: string): boolean {
  const asked = sni.toLowerCase().replace(/\.$/, '');
  const names = c.names.length > 0 ? c.names : partsOf(c.subject).map(([, text]) => text);
  return names.some((name) => {
    const own = name.toLowerCase();
    if (!own.startsWith('*.')) return own === asked;
    return asked.endsWith(own.slice(1)) && !asked.slice(0, 1 - own.length).includes('.');
  });
}
