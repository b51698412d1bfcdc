// Large transfers over SMB: contents are passed over unread, with holes in them too, and what follows is read again.
import { expect, test } from 'vitest';
import { Conversation } from '../../../../test/support/packets/conversation.ts';
import type { Octets } from '../../../../test/support/packets/octets.ts';
import {
  close,
  closed,
  create,
  created,
  fileId,
  framed,
  read,
  readAnswer,
  treeConnect,
  treeConnected,
  write,
  written,
} from '../../../../test/support/packets/smb.ts';
import { type Eve, sense } from '../../../../test/support/sense.ts';
import { Association } from '../dcerpc/call.ts';
import { STREAM_DONE } from '../protocol.ts';
import { smb } from './smb.ts';

const at = (id: number): { id: number; session: number; tree: number } => ({ id, session: 9, tree: 7 });
const FILE = fileId(0x51);
const SIZE = 300_000;

/** A file is opened; what is done with it is said in between; then it is closed. */
function shared(play: (c: Conversation) => void): Eve[] {
  const c = new Conversation({ serverPort: 445 }).handshake();
  const say = (side: 'client' | 'server', bytes: Octets): void => {
    c.send(side, bytes).acknowledge(side === 'client' ? 'server' : 'client');
  };
  say('client', framed(treeConnect(3, 9, '\\\\FILES\\office')));
  say('server', framed(treeConnected(3, 9, 7, 1)));
  say('client', framed(create(at(4), 'large.bin', 5)));
  say('server', framed(created(at(4), 0x51, 0)));
  play(c);
  say('client', framed(close(at(9), FILE)));
  say('server', framed(closed(at(9))));
  return sense(c.close().frames)
    .of('smb')
    .map((event) => event['smb'] as Eve);
}

const transferred = (events: readonly Eve[]): unknown[] =>
  events.filter((e) => e['transferred'] !== undefined).map((e) => [e['command'], e['transferred']]);

test('a large write and a large read are counted', () => {
  const events = shared((c) => {
    c.send('client', framed(write(at(5), FILE, new Uint8Array(SIZE)))).acknowledge('server');
    c.send('server', framed(written(at(5), SIZE))).acknowledge('client');
    c.send('client', framed(read(at(6), FILE, SIZE))).acknowledge('server');
    c.send('server', framed(readAnswer(at(6), new Uint8Array(SIZE)))).acknowledge('client');
  });
  expect(transferred(events)).toEqual([
    ['SMB2_COMMAND_READ', SIZE],
    ['SMB2_COMMAND_WRITE', SIZE],
  ]);
  expect(events.at(-1)?.['command']).toBe('SMB2_COMMAND_CLOSE');
});

test('a hole inside a write loses nothing else', () => {
  const bytes = framed(write(at(5), FILE, new Uint8Array(SIZE)));
  const events = shared((c) => {
    c.send('client', bytes.subarray(0, 14_600));
    c.lose('client', 100_000);
    c.send('client', bytes.subarray(114_600)).acknowledge('server');
  });
  expect(transferred(events)).toEqual([['SMB2_COMMAND_WRITE', SIZE]]);
  expect(events.at(-1)?.['command']).toBe('SMB2_COMMAND_CLOSE');
});

test('behind a hole over several messages the next one is found', () => {
  const events = shared((c) => {
    c.send('client', framed(write(at(5), FILE, new Uint8Array(3000))).subarray(0, 1460));
    c.lose('client', 50_000);
    // The end of a message that was lost, then a whole one.
    c.send('client', new Uint8Array(700).fill(0x20)).acknowledge('server');
    c.send('client', framed(write(at(6), FILE, new Uint8Array(500)))).acknowledge('server');
  });
  expect(transferred(events)).toEqual([['SMB2_COMMAND_WRITE', 3500]]);
  expect(events.at(-1)?.['command']).toBe('SMB2_COMMAND_CLOSE');
});

test('of a large message only its beginning is left untaken', () => {
  const parser = smb.open();
  const emit = { event() {}, anomaly() {}, upgrade() {}, expect() {} };
  const bytes = framed(write(at(5), FILE, new Uint8Array(1 << 20)));
  // A file that was not seen opened may be a pipe: 16 KiB of it are looked at, and no more.
  let held = 0;
  let from = 0;
  for (let to = 1460; to < bytes.length; to += 1460) {
    const taken = parser.stream(bytes, from, to, 0, emit);
    expect(taken).not.toBe(STREAM_DONE);
    from += taken;
    held = Math.max(held, to - from);
  }
  expect(held).toBeLessThan(20_000);
});

test('a pipe whose fragment is cut is read from its next one on', () => {
  const pipe = new Association(false);
  const calls: number[] = [];
  const sink = { call: () => void calls.push(1), endpoint() {} };
  expect(pipe.take(new Uint8Array(40), 0, 40, 0, sink)).toBe(-1);
  expect(calls).toEqual([]);
});
