// HASSH of name-lists as they stand in a message, and what two sides agree upon.
import { expect, test } from 'vitest';
import { be32, octets } from '../../../../test/support/packets/octets.ts';
import { agreed, KEX, type KexInit, readKexInit } from './kexinit.ts';

/** Ten lists in the order of RFC 4253 §7.1; those that are not named are empty. */
function message(kex: string, cipher: string, mac: string, compression: string): KexInit | undefined {
  const lists = [kex, 'ssh-ed25519', cipher, cipher, mac, mac, compression, compression, '', ''];
  const bytes = octets(
    Array(16).fill(1),
    ...lists.flatMap((list) => [be32(list.length), list]),
    [0, 0, 0, 0, 0],
  );
  return readKexInit(bytes, 0, bytes.length);
}

test('published HASSH values', () => {
  // OpenSSH 7.6 and Dropbear 2012.55, as the authors of HASSH list them.
  const openssh = message(
    'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,' +
      'diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,' +
      'diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,ext-info-c',
    'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com',
    'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,' +
      'hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1',
    'none,zlib@openssh.com,zlib',
  );
  expect(openssh?.hassh(false)).toBe('06046964c022c6407d15a27b12a6a4fb');
  const dropbear = message(
    'diffie-hellman-group1-sha1,diffie-hellman-group14-sha1',
    'aes128-ctr,3des-ctr,aes256-ctr,aes128-cbc,3des-cbc,aes256-cbc,twofish256-cbc,twofish-cbc,twofish128-cbc',
    'hmac-sha1-96,hmac-sha1,hmac-md5',
    'zlib,zlib@openssh.com,none',
  );
  expect(dropbear?.hassh(false)).toBe('16f898dd8ed8279e1055350b4e20666c');
});

test('the client’s first choice that the server has too', () => {
  const client = message('a,b,c', 'x', 'y', 'none') as KexInit;
  expect(agreed(client, message('c,b', 'x', 'y', 'none') as KexInit, KEX)).toBe('b');
  expect(agreed(client, message('d', 'x', 'y', 'none') as KexInit, KEX)).toBeUndefined();
});

test('lists that do not fit', () => {
  const bytes = octets(Array(16).fill(1), be32(0xffffffff), 'abc');
  expect(readKexInit(bytes, 0, bytes.length)).toBeUndefined();
  expect(readKexInit(bytes, 0, 18)).toBeUndefined();
});
