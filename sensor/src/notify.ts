// What systemd is told of the program's state (sd_notify(3)): datagrams to the socket that it names.
import { createRequire } from 'node:module';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
const MSG_DONTWAIT = 0x40;
/** Bytes of an address's name (sys/un.h). */
const PATH_BYTES = 108;

/** Node has no datagram sockets of this kind: libc's are called. */
interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  sendto(fd: number, bytes: Uint8Array, length: number, flags: number, to: Uint8Array, size: number): number;
}

export interface Notifier {
  /** `READY=1` and the like. Nobody waits for it, and what is not heard is lost. */
  tell(...states: string[]): void;
  /** ms between two signs of life that are asked for; undefined when none are. */
  readonly watchdog: number | undefined;
}

/** The address of the socket: a path, or a name of the abstract kind, which begins with `@`. */
function addressBytes(socket: string): Uint8Array | undefined {
  const name = Buffer.from(socket);
  if (!/^[/@]/.test(socket) || name.length >= PATH_BYTES) return undefined;
  if (socket.startsWith('@')) name[0] = 0;
  return Buffer.concat(
    [Uint8Array.of(AF_UNIX, 0), name, socket.startsWith('@') ? '' : '\0'].map((p) => Buffer.from(p)),
  );
}

/**
 * @param env NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID
 * @param say told once when there is a socket, and no way to it
 */
export function openNotifier(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
  say: (line: string) => void,
): Notifier {
  const socket = env['NOTIFY_SOCKET'];
  if (socket === undefined || socket === '') return { tell: () => {}, watchdog: undefined };
  const to = addressBytes(socket);
  const libc = to === undefined ? undefined : load();
  const fd = libc?.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) ?? -1;
  if (to === undefined || libc === undefined || fd < 0) {
    say('systemd cannot be told of readiness: koffi is missing, or NOTIFY_SOCKET is no local address');
    return { tell: () => {}, watchdog: undefined };
  }
  const asked = Number(env['WATCHDOG_USEC'] ?? 0);
  const isOurs = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(pid);
  return {
    tell(...states) {
      const bytes = Buffer.from(states.join('\n'));
      libc.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL | MSG_DONTWAIT, to, to.length);
    },
    // Half of what is allowed, as systemd advises.
    watchdog: asked > 0 && isOurs ? asked / 2000 : undefined,
  };
}

function load(): Libc | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    return {
      socket: libc.func('int socket(int domain, int type, int protocol)'),
      sendto: libc.func(
        'long sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *to, unsigned int size)',
      ),
    } as unknown as Libc;
  } catch {
    return undefined;
  }
}
