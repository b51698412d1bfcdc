// The few calls of the C library that the ring needs, through koffi; absent where koffi has no build for the machine.
import { createRequire } from 'node:module';
import { endianness, platform } from 'node:os';
import type Koffi from 'koffi';

/** Each answers as its manual page says: −1 for a failure, which `errno` then names. */
export interface Kernel {
  socket(family: number, type: number, protocol: number): number;
  close(fd: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint32Array): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  indexOf(name: string): number;
  /** @param into of at least 16 bytes */
  nameOf(index: number, into: Uint8Array): boolean;
  eventfd(start: number, flags: number): number;
  write(fd: number, bytes: Uint8Array, length: number): number;
  mmap(length: number, protection: number, flags: number, fd: number): bigint;
  munmap(address: bigint, length: number): number;
  /** On another thread, so that the loop of events goes on. */
  poll(fds: Uint8Array, count: number, milliseconds: number): Promise<number>;
  /** Memory as it is. It must be detached (`transfer`) before it is unmapped: a read after that ends the process. */
  view(address: bigint, length: number): ArrayBuffer;
  /** Where the bytes stand; valid as long as they are referred to. */
  addressOf(bytes: Uint8Array): bigint;
  /** Name of the last error, `EPERM`. */
  errno(): string;
  koffi: typeof Koffi;
}

let loaded: Kernel | Error | undefined;

/** @returns the calls, or why there are none: koffi is not installed, or this is no Linux */
export function loadKernel(): Kernel | Error {
  loaded ??= load();
  return loaded;
}

function load(): Kernel | Error {
  if (platform() !== 'linux' || endianness() !== 'LE') return new Error('this is no little-endian Linux');
  try {
    return bindTo(createRequire(import.meta.url)('koffi') as typeof Koffi);
  } catch (error) {
    return error as Error;
  }
}

function bindTo(koffi: typeof Koffi): Kernel {
  const c = koffi.load(null);
  const mmap = c.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)',
  );
  const poll = c.func('int poll(void *fds, unsigned long count, int milliseconds)');
  const indexToName = c.func('void *if_indextoname(uint32_t index, void *name)');
  const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
  return {
    socket: c.func('int socket(int family, int type, int protocol)'),
    close: c.func('int close(int fd)'),
    bind: c.func('int bind(int fd, void *address, uint32_t length)'),
    setsockopt: c.func('int setsockopt(int fd, int level, int name, void *value, uint32_t length)'),
    getsockopt: c.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    ioctl: c.func('int ioctl(int fd, unsigned long request, void *argument)'),
    indexOf: c.func('uint32_t if_nametoindex(const char *name)'),
    nameOf: (index, into) => Boolean(indexToName(index, into)),
    eventfd: c.func('int eventfd(uint32_t start, int flags)'),
    write: c.func('long write(int fd, void *bytes, size_t length)'),
    mmap: (length, protection, flags, fd) => BigInt(mmap(null, length, protection, flags, fd, 0)),
    munmap: c.func('int munmap(void *address, size_t length)'),
    poll: (fds, count, milliseconds) =>
      new Promise((resolve, reject) => {
        poll.async(fds, count, milliseconds, (error: unknown, ready: number) =>
          error ? reject(error) : resolve(ready),
        );
      }),
    view: (address, length) => koffi.view(address, length),
    addressOf: (bytes) => koffi.address(bytes),
    errno: () => names.get(koffi.errno()) ?? `error ${koffi.errno()}`,
    koffi,
  };
}
