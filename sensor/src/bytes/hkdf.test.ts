// HMAC against node:crypto, and the keys of RFC 9001 §A.1.
import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { DIGEST, HmacKey, labelled, MAX_MESSAGE } from './hkdf.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
function sign(key: Uint8Array, message: Uint8Array): Uint8Array {
  const into = new Uint8Array(DIGEST);
  new HmacKey(key).sign(message, 0, message.length, into);
  return into;
}

test('any key, any message of one block', () => {
  for (let length = 0; length <= MAX_MESSAGE; length++) {
    const [key, message] = [randomBytes(length), randomBytes(length)];
    expect(Buffer.from(sign(key, message)).toString('hex')).toBe(
      createHmac('sha256', key).update(message).digest('hex'),
    );
  }
});

test('keys of QUIC version 1 for the connection id 8394c8f03e515708', () => {
  const secret = sign(hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'), hex('8394c8f03e515708'));
  const client = sign(secret, labelled('client in', 32));
  expect(client).toEqual(hex('c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea'));
  expect(sign(client, labelled('quic key', 16)).subarray(0, 16)).toEqual(
    hex('1f369613dd76d5467730efcbe3b1a22d'),
  );
  expect(sign(client, labelled('quic iv', 12)).subarray(0, 12)).toEqual(hex('fa044b2f42a3fd3b46fb255c'));
  expect(sign(client, labelled('quic hp', 16)).subarray(0, 16)).toEqual(
    hex('9f50449e04a0e810283a1e9933adedd2'),
  );
});
