// The other end of sd_notify, as systemd holds it: what a service says of itself, datagram by datagram.
import koffi from 'koffi';

const libc = koffi.load(null);
const socket = libc.func('int socket(int domain, int type, int protocol)');
const bind = libc.func('int bind(int fd, const uint8_t *address, unsigned int size)');
const recv = libc.func('long recv(int fd, _Out_ uint8_t *bytes, size_t length, int flags)');
const close = libc.func('int close(int fd)');
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

export interface Listener {
  /** The next datagram; undefined when none waits. */
  hear(): string | undefined;
  close(): void;
}

/** @param name a path, or `@` and an abstract name */
export function listenAsSystemd(name: string): Listener {
  const fd: number = socket(AF_UNIX, SOCK_DGRAM, 0);
  const bytes = Buffer.from(name.startsWith('@') ? `\0${name.slice(1)}` : `${name}\0`);
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), bytes]);
  if (bind(fd, address, address.length) !== 0) throw new Error(`${name} cannot be listened on`);
  return {
    hear() {
      const into = Buffer.alloc(4096);
      const n = Number(recv(fd, into, into.length, MSG_DONTWAIT));
      return n < 0 ? undefined : into.toString('utf8', 0, n);
    },
    close: () => close(fd),
  };
}
