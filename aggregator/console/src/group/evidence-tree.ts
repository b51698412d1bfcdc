// From an alert's flat evidence (`dns.answers.rdata`) to rows of a tree, and back to an EVE-shaped record for copying.
import type { StoredAlert } from '../api/shapes.ts';

type Value = StoredAlert['evidence'][string];

export interface EvidenceRow {
  /** Whole path, unique in the tree. */
  readonly path: string;
  /** Last step of the path. */
  readonly name: string;
  readonly depth: number;
  /** Absent on rows that only hold others. */
  readonly value?: Value;
  readonly matched: boolean;
  readonly withheld: boolean;
}

interface Node {
  readonly children: Map<string, Node>;
  value?: Value;
  withheld?: true;
}

const node = (): Node => ({ children: new Map() });

function nodeAt(root: Node, path: string): Node {
  let at = root;
  for (const step of path.split('.')) {
    let child = at.children.get(step);
    if (!child) at.children.set(step, (child = node()));
    at = child;
  }
  return at;
}

/** What every alert says of itself, before its own fields. */
const COMMON = ['event_type', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'proto', 'app_proto'] as const;

/** Depth first, in the order the sensor wrote; withheld fields stand where their values would. */
export function evidenceRows(alert: StoredAlert): EvidenceRow[] {
  const root = node();
  for (const name of COMMON) {
    const value = alert[name];
    if (value !== undefined) nodeAt(root, name).value = value;
  }
  for (const [path, value] of Object.entries(alert.evidence)) nodeAt(root, path).value = value;
  for (const path of alert.withheld) nodeAt(root, path).withheld = true;

  const matched = new Set(alert.matched);
  const rows: EvidenceRow[] = [];
  const walk = (at: Node, path: string, depth: number): void => {
    for (const [name, child] of at.children) {
      const whole = path ? `${path}.${name}` : name;
      rows.push({
        path: whole,
        name,
        depth,
        ...(child.value !== undefined && { value: child.value }),
        matched: matched.has(whole),
        withheld: child.withheld === true,
      });
      walk(child, whole, depth + 1);
    }
  };
  walk(root, '', 0);
  return rows;
}

interface Nested {
  [name: string]: Nested | Value | undefined;
}

/** JSON text in EVE's shape; withheld fields are not in it. */
export function eveText(alert: StoredAlert): string {
  const record: Nested = Object.create(null);
  record.timestamp = alert.time;
  for (const name of COMMON) if (alert[name] !== undefined) record[name] = alert[name];
  if (alert.community_id) record.community_id = alert.community_id;
  record.alert = {
    signature: alert.rule.name,
    signature_id: alert.rule.id,
    severity: alert.rule.severity,
    metadata: alert.rule.tags,
  } as Nested;
  for (const [path, value] of Object.entries(alert.evidence)) put(record, path, value);
  return JSON.stringify(record, null, 2);
}

function put(record: Nested, path: string, value: Value): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  let at = record;
  for (const step of steps) {
    const below = at[step] ?? Object.create(null);
    if (typeof below !== 'object' || Array.isArray(below)) {
      // A value stands where this path wants to go on: it stays flat.
      record[path] = value;
      return;
    }
    at = at[step] = below as Nested;
  }
  at[last] = value;
}
