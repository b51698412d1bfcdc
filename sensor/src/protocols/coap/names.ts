// Codes and content formats of CoAP (RFC 7252 §12, RFC 7959, RFC 8132, RFC 8516 and the registry).

const CODES: Readonly<Record<number, string>> = {
  0: 'Empty',
  1: 'GET',
  2: 'POST',
  3: 'PUT',
  4: 'DELETE',
  5: 'FETCH',
  6: 'PATCH',
  7: 'iPATCH',
  65: 'Created',
  66: 'Deleted',
  67: 'Valid',
  68: 'Changed',
  69: 'Content',
  95: 'Continue',
  128: 'Bad Request',
  129: 'Unauthorized',
  130: 'Bad Option',
  131: 'Forbidden',
  132: 'Not Found',
  133: 'Method Not Allowed',
  134: 'Not Acceptable',
  136: 'Request Entity Incomplete',
  137: 'Conflict',
  140: 'Precondition Failed',
  141: 'Request Entity Too Large',
  143: 'Unsupported Content-Format',
  150: 'Unprocessable Entity',
  157: 'Too Many Requests',
  160: 'Internal Server Error',
  161: 'Not Implemented',
  162: 'Bad Gateway',
  163: 'Service Unavailable',
  164: 'Gateway Timeout',
  165: 'Proxying Not Supported',
  168: 'Hop Limit Reached',
};
export const codeName = (code: number): string => CODES[code] ?? `unknown-${codeText(code)}`;
export const isCode = (code: number): boolean => CODES[code] !== undefined;
/** As the standard writes it: class, dot, two digits. */
export const codeText = (code: number): string => `${code >> 5}.${String(code & 31).padStart(2, '0')}`;

const WRITES = new Set(['POST', 'PUT', 'DELETE', 'PATCH', 'iPATCH']);
export const effectOf = (method: string): string =>
  WRITES.has(method) ? 'write' : method === 'GET' || method === 'FETCH' ? 'read' : 'other';

const TYPES = ['Confirmable', 'Non-confirmable', 'Acknowledgement', 'Reset'];
export const typeName = (type: number): string => TYPES[type];

const FORMATS: Readonly<Record<number, string>> = {
  0: 'text/plain',
  16: 'application/cose; cose-type="cose-encrypt0"',
  17: 'application/cose; cose-type="cose-mac0"',
  18: 'application/cose; cose-type="cose-sign1"',
  40: 'application/link-format',
  41: 'application/xml',
  42: 'application/octet-stream',
  47: 'application/exi',
  50: 'application/json',
  51: 'application/json-patch+json',
  52: 'application/merge-patch+json',
  60: 'application/cbor',
  61: 'application/cwt',
  62: 'application/multipart-core',
  63: 'application/cbor-seq',
  110: 'application/senml+json',
  111: 'application/sensml+json',
  112: 'application/senml+cbor',
  113: 'application/sensml+cbor',
  256: 'application/coap-group+json',
  271: 'application/dots+cbor',
  280: 'application/pkcs7-mime; smime-type=server-generated-key',
  281: 'application/pkcs7-mime; smime-type=certs-only',
  284: 'application/pkcs8',
  285: 'application/csrattrs',
  286: 'application/pkcs10',
  287: 'application/pkix-cert',
  310: 'application/senml+xml',
  311: 'application/sensml+xml',
  320: 'application/senml-etch+json',
  322: 'application/senml-etch+cbor',
  432: 'application/td+json',
  11542: 'application/vnd.oma.lwm2m+tlv',
  11543: 'application/vnd.oma.lwm2m+json',
  11544: 'application/vnd.oma.lwm2m+cbor',
};
export const formatName = (format: number): string => FORMATS[format] ?? `unknown-${format}`;
