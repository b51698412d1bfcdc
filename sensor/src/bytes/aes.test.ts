// AES-128 against FIPS 197 and node:crypto; GCM, right and damaged.
import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Aes128, openGcm } from './aes.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const encrypted = (key: Uint8Array, block: Uint8Array) => {
  const into = new Uint8Array(16);
  new Aes128().replace(key).encrypt(block, 0, into);
  return Buffer.from(into).toString('hex');
};

test('FIPS 197 §C.1', () => {
  expect(encrypted(hex('000102030405060708090a0b0c0d0e0f'), hex('00112233445566778899aabbccddeeff'))).toBe(
    '69c4e0d86a7b0430d8cdb78070b4c55a',
  );
});

test('any key, any block', () => {
  for (let i = 0; i < 100; i++) {
    const [key, block] = [randomBytes(16), randomBytes(16)];
    expect(encrypted(key, block)).toBe(
      createCipheriv('aes-128-ecb', key, null).update(block).toString('hex'),
    );
  }
});

test('GCM opens what is whole, and nothing else', () => {
  const [key, nonce, about, plain] = [randomBytes(16), randomBytes(12), randomBytes(30), randomBytes(100)];
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  cipher.setAAD(about);
  const sealed = Buffer.concat([randomBytes(3), cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  expect(openGcm(key, nonce, about, sealed, 3, sealed.length)).toEqual(plain);
  expect(openGcm(key, nonce, about, sealed, 3, sealed.length - 1)).toBeUndefined();
  expect(openGcm(key, nonce, about, sealed, 3, 10)).toBeUndefined();
  sealed[50] ^= 1;
  expect(openGcm(key, nonce, about, sealed, 3, sealed.length)).toBeUndefined();
});
