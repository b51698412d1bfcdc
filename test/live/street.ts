// Two hosts in namespaces of their own, and the switch between them, whose every frame a sensor on our side sees.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const runs = promisify(execFile);
const ip = (...words: readonly string[]): void => {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Programs that build it, beside `ip`. */
export const BUILT_WITH = ['ss', 'sysctl'] as const;

export class Street {
  readonly #client = `yagura-cl-${process.pid}`;
  readonly #server = `yagura-sv-${process.pid}`;
  /** The switch, in our own namespace; it has no address. Whoever listens to it sees each frame once. */
  readonly switch = `ygs${process.pid}`;
  readonly #servers: ChildProcess[] = [];

  /** @param clients addresses of the one host @param server address of the other; both with their prefix's length */
  constructor(clients: readonly string[], server: string) {
    try {
      this.#build(clients, server);
    } catch (error) {
      this.#tearDown();
      throw error;
    }
  }

  #build(clients: readonly string[], server: string): void {
    for (const namespace of [this.#client, this.#server]) {
      ip('netns', 'add', namespace);
      this.#in(namespace, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
      ip('-n', namespace, 'link', 'set', 'dev', 'lo', 'up');
    }
    ip('link', 'add', this.switch, 'type', 'bridge');
    const plug = (port: string, device: string, namespace: string): void => {
      ip('link', 'add', port, 'type', 'veth', 'peer', 'name', device, 'netns', namespace);
      this.#quieten(port);
      ip('link', 'set', 'dev', port, 'master', this.switch, 'up');
    };
    this.#quieten(this.switch);
    plug(`${this.switch}c`, 'c0', this.#client);
    plug(`${this.switch}s`, 's0', this.#server);
    for (const address of clients) ip('-n', this.#client, 'addr', 'add', address, 'dev', 'c0');
    ip('-n', this.#server, 'addr', 'add', server, 'dev', 's0');
    ip('-n', this.#client, 'link', 'set', 'dev', 'c0', 'up');
    ip('-n', this.#server, 'link', 'set', 'dev', 's0', 'up');
    ip('link', 'set', 'dev', this.switch, 'up');
  }

  /** Here nothing is said by itself. */
  #quieten(device: string): void {
    execFileSync('sysctl', ['-qw', `net.ipv6.conf.${device}.disable_ipv6=1`]);
  }

  #in(namespace: string, ...command: readonly string[]): void {
    ip('netns', 'exec', namespace, ...command);
  }

  /** Starts a server that stays in the foreground; resolves when it listens at the TCP port. */
  async serve(port: number, ...command: readonly string[]): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.#server, ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#servers.push(child);
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    for (let tries = 0; tries < 100; tries++) {
      const sockets = ['netns', 'exec', this.#server, 'ss', '-Hltn', `sport = :${port}`];
      if ((await runs('ip', sockets)).stdout !== '') return;
      if (child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`${command[0]} does not listen at ${port}: ${said}`);
  }

  /** Runs a client to its end, whatever that is: attacks are refused. */
  async visit(...command: readonly string[]): Promise<void> {
    await runs('ip', ['netns', 'exec', this.#client, ...command], { timeout: 20_000 }).catch(() => {});
  }

  /** Starts a sender in the client's place, which the caller ends. */
  send(...command: readonly string[]): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.#client, ...command], { stdio: 'ignore' });
  }

  /** Packets that the client's interface sent. */
  sent(): number {
    const told = execFileSync('ip', ['-j', '-s', '-n', this.#client, 'link', 'show', 'c0'], {
      encoding: 'utf8',
    });
    return JSON.parse(told)[0].stats64.tx.packets;
  }

  async remove(): Promise<void> {
    for (const child of this.#servers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    this.#tearDown();
  }

  #tearDown(): void {
    try {
      ip('link', 'delete', this.switch);
    } catch {
      // It was never made.
    }
    for (const namespace of [this.#client, this.#server])
      try {
        ip('netns', 'delete', namespace);
      } catch {
        // It was never made.
      }
  }
}
