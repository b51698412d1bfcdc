// JA3 and JA3S: fingerprints of the two hellos in wire order (salesforce/ja3).
import {
  cipherSuites,
  EXT_GROUPS,
  extensionTypes,
  type Hello,
  isGrease,
  numberList,
  pointFormats,
} from './hello.ts';

function plain(list: readonly number[]): string {
  let text = '';
  for (const value of list) if (!isGrease(value)) text += text === '' ? value : `-${value}`;
  return text;
}

/** `version,ciphers,extensions,groups,point formats`, decimal, without GREASE. JA3 is its MD5. */
export const ja3Text = (h: Hello): string =>
  `${h.version},${plain(cipherSuites(h))},${plain(extensionTypes(h))},${plain(numberList(h, EXT_GROUPS))},${pointFormats(h).join('-')}`;

/** `version,cipher,extensions` of the ServerHello. JA3S is its MD5. */
export const ja3sText = (h: Hello): string =>
  `${h.version},${cipherSuites(h)[0]},${extensionTypes(h).join('-')}`;
