-- The first shape. Times are µs since 1970; severities 0 (informational) to 4 (critical); states 0 new, 1 in progress, 2 resolved, 3 archived.

CREATE TABLE bodies (
  id TEXT PRIMARY KEY,
  name_en TEXT NOT NULL,
  name_ja TEXT NOT NULL,
  kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authorities (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL REFERENCES bodies,
  article TEXT NOT NULL,
  instrument TEXT NOT NULL,
  prefixes TEXT NOT NULL, -- JSON list of CIDR
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  discloses TEXT NOT NULL -- JSON list of privacy classes
) STRICT, WITHOUT ROWID;
CREATE INDEX authorities_body ON authorities (body);

CREATE TABLE sensors (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL REFERENCES bodies,
  name TEXT NOT NULL,
  serial TEXT NOT NULL,
  certificate_until INTEGER NOT NULL,
  revoked INTEGER,
  last_seen INTEGER,
  health TEXT, -- JSON
  clock_skew_s REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  sensor TEXT NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (sensor, code)
) STRICT, WITHOUT ROWID;

-- How far each life of each sensor's spool has been taken.
CREATE TABLE progress (
  sensor TEXT NOT NULL,
  epoch TEXT NOT NULL,
  next INTEGER NOT NULL,
  PRIMARY KEY (sensor, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE blinds (
  id TEXT PRIMARY KEY,
  sensor TEXT NOT NULL,
  start INTEGER NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blinds_sensor ON blinds (sensor, until DESC);

-- "row" is the order of arrival, which the live tail follows.
CREATE TABLE alerts (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE, -- 16 bytes
  group_id BLOB NOT NULL, -- 16 bytes
  time INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  sensor TEXT NOT NULL,
  record TEXT NOT NULL -- JSON of the stored alert
) STRICT;
CREATE INDEX alerts_group ON alerts (group_id);

CREATE TABLE groups (
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE, -- 16 bytes
  body TEXT NOT NULL,
  rule TEXT NOT NULL,
  rule_name TEXT NOT NULL,
  src_ip TEXT NOT NULL,
  dest_ip TEXT NOT NULL,
  state INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  version INTEGER NOT NULL,
  sensors TEXT NOT NULL, -- JSON list
  record TEXT NOT NULL -- JSON of the whole group
) STRICT;
-- The queue, state by state, in both orders.
CREATE INDEX groups_priority ON groups (state, priority DESC, last_seen DESC, id DESC);
CREATE INDEX groups_last_seen ON groups (state, last_seen DESC, id DESC);
-- Counted for every look at the queue, so it must not touch the rows.
CREATE INDEX groups_open ON groups (body, severity) WHERE state < 2;
-- What never changes in a group costs an index nothing but its first entry.
CREATE INDEX groups_source ON groups (src_ip);
CREATE INDEX groups_destination ON groups (dest_ip);
CREATE INDEX groups_rule ON groups (rule);
CREATE INDEX groups_text ON groups (rule_name, src_ip, dest_ip);

CREATE TABLE history (
  row INTEGER PRIMARY KEY,
  group_id BLOB NOT NULL,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX history_group ON history (group_id);

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  body TEXT NOT NULL REFERENCES bodies,
  sensor TEXT NOT NULL,
  until INTEGER NOT NULL,
  used INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE login_links (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  until INTEGER NOT NULL,
  used INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts per bucket; "step" 10 s as they came and 600 s summed, so that long spans read few rows.
CREATE TABLE series (
  metric TEXT NOT NULL,
  step INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  sensor TEXT NOT NULL,
  label TEXT NOT NULL,
  body TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (metric, step, bucket, sensor, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL, -- JSON
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER ledger_unchanged BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
