// Datagrams that the kernel threw away because a socket's room was full, as it counts them itself (/proc/net/udp).
import { readFileSync } from 'node:fs';

const TABLES = { udp4: '/proc/net/udp', udp6: '/proc/net/udp6' } as const;
const LOCAL_ADDRESS = 1;
const QUEUES = 4;
const INODE = 9;
const DROPS = 12;

/**
 * @param text of the table: a head, then `sl local_address rem_address st … drops`
 * @param inode of one socket, where several listen at the port
 * @returns of all sockets on this port together; undefined when there is none
 */
export function dropsOf(text: string, port: number, inode?: string): number | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let drops: number | undefined;
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (inode !== undefined && columns[INODE] !== inode) continue;
    if (columns[LOCAL_ADDRESS]?.endsWith(wanted)) drops = (drops ?? 0) + Number(columns[DROPS] ?? 0);
  }
  return drops;
}

/** Inodes of the sockets at a port. */
export function socketsAt(type: keyof typeof TABLES, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    const rows = readFileSync(TABLES[type], 'latin1').split('\n').slice(1);
    const columns = rows.map((row) => row.trim().split(/\s+/));
    return columns.filter((row) => row[LOCAL_ADDRESS]?.endsWith(wanted)).map((row) => row[INODE]);
  } catch {
    return [];
  }
}

/** Now; undefined where the kernel does not say. */
export function socketDrops(type: keyof typeof TABLES, port: number, inode?: string): number | undefined {
  try {
    return dropsOf(readFileSync(TABLES[type], 'latin1'), port, inode);
  } catch {
    return undefined;
  }
}

/** Bytes that wait in the sockets at a port, with what the kernel adds to each datagram (`tx_queue:rx_queue`, hex). */
export function waitingOf(text: string, port: number): number {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let waiting = 0;
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL_ADDRESS]?.endsWith(wanted))
      waiting += Number.parseInt(columns[QUEUES]?.split(':')[1] ?? '0', 16);
  }
  return waiting;
}

/** Now; 0 where the kernel does not say. */
export function socketWaiting(type: keyof typeof TABLES, port: number): number {
  try {
    return waitingOf(readFileSync(TABLES[type], 'latin1'), port);
  } catch {
    return 0;
  }
}
