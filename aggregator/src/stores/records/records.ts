// The contract of a records store: bodies, sensors, alerts, groups, people and the ledger, in verbs without any engine's types.
import type { Severity } from 'yagura-sensor/wire';
import type { KeptAlert, KeptBlind, StoredAlert } from '../../alerts/alert.ts';
import type { Known, Progress } from '../../alerts/flight.ts';
import type { Group, GroupState, HistoryEntry, OpenGroups } from '../../alerts/group.ts';
import type { Authority, Body } from '../../authority/authority.ts';
import type { LoginLink, Session, Token } from '../../authority/secrets.ts';
import type { Sensor } from '../../authority/sensor.ts';
import type { Act, Entry } from '../../ledger/ledger.ts';

/** Values of the row after which a page begins; what they are is the store's affair. */
export type Position = readonly (string | number)[];

export interface Page {
  readonly limit: number;
  readonly after?: Position;
}

export interface Paged<T> {
  readonly items: T[];
  /** Undefined on the last page. */
  readonly next?: Position;
}

export interface GroupFilter {
  readonly states?: readonly GroupState[];
  /** The least severity wanted. */
  readonly severity?: Severity;
  readonly body?: string;
  readonly sensor?: string;
  readonly rule?: string;
  readonly address?: string;
  /** Text inside the rule's name or an address. */
  readonly text?: string;
  /** µs; last seen then or later. */
  readonly since?: number;
}

export interface AlertFilter extends Omit<GroupFilter, 'states' | 'text'> {
  readonly group?: string;
}

/** An alert with its place in the order of arrival, from 1. */
export interface Row {
  readonly row: number;
  readonly alert: StoredAlert;
}

export interface Health {
  readonly last_seen: number;
  readonly health?: Sensor['health'];
  readonly clock_skew_s?: number;
}

/** Writes, all inside one transaction. What `write` returned is durable. */
export interface RecordsWriter extends Known {
  keepAlerts(alerts: readonly KeptAlert[]): Promise<void>;
  keepGroups(groups: readonly Group[]): Promise<void>;
  keepHistory(entries: readonly HistoryEntry[]): Promise<void>;
  keepBlinds(blinds: readonly KeptBlind[]): Promise<void>;
  keepProgress(progress: readonly Progress[]): Promise<void>;
  /** The sensor was heard. */
  heard(sensor: string, health: Health): Promise<void>;
  /** So many more records or batches of the sensor were refused with this code. */
  refused(sensor: string, code: string, count: number): Promise<void>;

  addBody(body: Body): Promise<void>;
  addAuthority(authority: Authority): Promise<void>;
  /** New or enrolled again: the certificate is replaced and a revocation ends. */
  enrolSensor(sensor: Pick<Sensor, 'id' | 'body' | 'name' | 'serial' | 'certificate_until'>): Promise<void>;
  /** False when there is no such sensor. */
  revokeSensor(id: string, at: number): Promise<boolean>;

  addToken(token: Token): Promise<void>;
  token(hash: string): Promise<Token | undefined>;
  useToken(hash: string, at: number): Promise<void>;
  addLoginLink(link: LoginLink): Promise<void>;
  loginLink(hash: string): Promise<LoginLink | undefined>;
  useLoginLink(hash: string, at: number): Promise<void>;
  addSession(session: Session): Promise<void>;
  endSession(hash: string): Promise<void>;

  /** Appends to the chain; the only way into the ledger, and there is none out. */
  append(act: Act, at: number): Promise<Entry>;
}

export interface Records {
  /** `sqlite`, `postgres`. */
  readonly engine: string;
  /** Runs `work` in one transaction, alone among writers; commits durably, or undoes everything when it throws. */
  write<T>(work: (writer: RecordsWriter) => Promise<T>): Promise<T>;
  close(): Promise<void>;

  // Everything below reads what is committed.
  bodies(): Promise<Body[]>;
  body(id: string): Promise<Body | undefined>;
  authorities(body: string): Promise<Authority[]>;
  sensors(): Promise<Sensor[]>;
  sensor(id: string): Promise<Sensor | undefined>;
  /** The newest blind spans of a sensor, newest first. */
  blinds(sensor: string, limit: number): Promise<KeptBlind[]>;
  refusals(sensor: string): Promise<Record<string, number>>;
  session(hash: string): Promise<Session | undefined>;

  groups(filter: GroupFilter, sort: 'priority' | 'last_seen', page: Page): Promise<Paged<Group>>;
  group(id: string): Promise<Group | undefined>;
  groupsById(ids: readonly string[]): Promise<Group[]>;
  history(group: string): Promise<HistoryEntry[]>;
  openGroups(): Promise<OpenGroups>;
  alerts(filter: AlertFilter, page: Page): Promise<Paged<StoredAlert>>;
  alert(id: string): Promise<StoredAlert | undefined>;
  /** In the order of arrival. */
  alertsAfter(row: number, limit: number): Promise<Row[]>;
  /** 0 when there is none. */
  lastRow(): Promise<number>;

  /** Newest first. */
  ledger(page: Page): Promise<Paged<Entry>>;
  /** Oldest first, all. */
  ledgerWalk(): AsyncIterable<Entry>;
  ledgerSize(): Promise<number>;
}
