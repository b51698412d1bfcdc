// A wire between two network namespaces that nobody else sees: `tx` at one end, `tap` at the other.
import { execFileSync, spawnSync } from 'node:child_process';

const run = (...command: readonly string[]): string =>
  execFileSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Why no namespaces can be had here, or the programs that tests need; undefined when all is well. */
export function missing(...programs: readonly string[]): string | undefined {
  const absent = ['ip', ...programs].filter((program) => !isThere(program));
  if (absent.length > 0) return `needs ${absent.join(', ')}`;
  const probe = `yagura-probe-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return 'needs root to make network namespaces';
  run('ip', 'netns', 'delete', probe);
  return undefined;
}

export class Wire {
  readonly #sender = `yagura-tx-${process.pid}`;
  readonly watcher = `yagura-tap-${process.pid}`;

  constructor() {
    try {
      this.#make();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #make(): void {
    for (const namespace of [this.#sender, this.watcher]) {
      run('ip', 'netns', 'add', namespace);
      // No neighbour discovery: only what a test sends is on the wire.
      for (const which of ['all', 'default'])
        this.in(namespace, 'sysctl', '-qw', `net.ipv6.conf.${which}.disable_ipv6=1`);
    }
    this.plug();
  }

  in(namespace: string, ...command: readonly string[]): string {
    return run('ip', 'netns', 'exec', namespace, ...command);
  }

  plug(): void {
    run(
      'ip',
      '-n',
      this.#sender,
      'link',
      'add',
      'name',
      'tx',
      'type',
      'veth',
      'peer',
      'name',
      'tap',
      'netns',
      this.watcher,
    );
    run('ip', '-n', this.#sender, 'link', 'set', 'dev', 'tx', 'up');
    run('ip', '-n', this.watcher, 'link', 'set', 'dev', 'tap', 'up');
  }

  unplug(): void {
    run('ip', '-n', this.#sender, 'link', 'delete', 'dev', 'tx');
  }

  /** `ip link set` at the watcher's end. */
  set(...words: readonly string[]): void {
    run('ip', '-n', this.watcher, 'link', 'set', 'dev', ...words);
  }

  /** Packets that an interface at the watcher's end sent. */
  sent(name = 'tap'): number {
    const [link] = JSON.parse(run('ip', '-j', '-s', '-n', this.watcher, 'link', 'show', name));
    return link.stats64.tx.packets;
  }

  /** Sends a capture, as fast as it goes unless a pace is named. @returns packets that went out */
  replay(capture: string, { times = 1, perSecond = 0 } = {}): number {
    const pace = perSecond === 0 ? ['--topspeed'] : ['--pps', String(perSecond)];
    const said = this.in(this.#sender, 'tcpreplay', ...pace, '--loop', String(times), '-i', 'tx', capture);
    return Number(/Successful packets:\s+(\d+)/.exec(said)![1]);
  }

  remove(): void {
    for (const namespace of [this.#sender, this.watcher]) spawnSync('ip', ['netns', 'delete', namespace]);
  }
}
