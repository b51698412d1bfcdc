// Feeds the live stream into the console and announces what arrives, once, to eyes and to screen readers.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { sensorsQuery } from '../api/resources.ts';
import { type LiveAlert, SEVERITY_ORDER } from '../api/shapes.ts';
import { listen, type StreamStatus } from '../api/stream.ts';
import { knownGroup, showAlert, showGroup } from './cache.ts';
import { touch } from './fresh.ts';

const StatusContext = createContext<StreamStatus>('connecting');
export const useStreamStatus = (): StreamStatus => useContext(StatusContext);

/** A screen reader needs time to finish a sentence. */
const ANNOUNCE_MS = 4_000;

function admit(client: QueryClient, batch: readonly LiveAlert[]): void {
  const opened = new Set<string>();
  const latest = new Map(batch.map(({ group }) => [group.id, group]));
  for (const { alert, group } of batch) {
    if (alert.time === group.first_seen && group.state === 'new') opened.add(group.id);
    showAlert(client, alert);
  }
  for (const group of latest.values())
    showGroup(client, group, knownGroup(client, group.id) ?? (opened.has(group.id) ? null : undefined));
  touch(latest.keys());
  hearFrom(client, new Set(batch.map(({ alert }) => alert.sensor)));
}

/** Asking again and again about a sensor that does not come alive would only fill the ledger. */
const ASK_AGAIN_MS = 10_000;

/** Who sends alerts is there: a sensor we thought absent is asked for anew. */
function hearFrom(client: QueryClient, ids: ReadonlySet<string>): void {
  const { queryKey } = sensorsQuery;
  const live = new Set(
    client.getQueryData(queryKey)?.flatMap(({ id, status }) => (status === 'live' ? id : [])),
  );
  const asked = client.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  if ([...ids].some((id) => !live.has(id)) && Date.now() - asked > ASK_AGAIN_MS)
    void client.invalidateQueries({ queryKey });
}

function sentence(batch: readonly LiveAlert[]): string {
  const [worst] = batch.toSorted(
    (a, b) => SEVERITY_ORDER.indexOf(a.group.severity) - SEVERITY_ORDER.indexOf(b.group.severity),
  );
  if (!worst) return '';
  const first = i18next.t('live.announce', {
    severity: i18next.t(`severity.${worst.group.severity}`),
    rule: worst.group.rule.name,
    src: worst.alert.src_ip,
    dest: worst.alert.dest_ip,
  });
  return batch.length === 1
    ? first
    : `${first} ${i18next.t('live.announce_more', { count: batch.length - 1 })}`;
}

/** Says the first alert at once, then what came since, at most every four seconds. */
function announcer(say: (text: string) => void): { hear(batch: readonly LiveAlert[]): void; stop(): void } {
  let waiting: LiveAlert[] = [];
  let quietUntil = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const speak = (): void => {
    timer = undefined;
    quietUntil = performance.now() + ANNOUNCE_MS;
    say(sentence(waiting));
    waiting = [];
  };
  return {
    hear(batch) {
      waiting.push(...batch);
      timer ??= setTimeout(speak, Math.max(0, quietUntil - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [status, setStatus] = useState<StreamStatus>('connecting');
  const [said, setSaid] = useState('');

  useEffect(() => {
    const { hear, stop } = announcer(setSaid);
    const close = listen({
      alerts(batch) {
        admit(client, batch);
        hear(batch);
      },
      sensor: (sensor) =>
        client.setQueryData(sensorsQuery.queryKey, (old) => {
          const at = old?.findIndex(({ id }) => id === sensor.id) ?? -1;
          return old && (at < 0 ? [...old, sensor] : old.with(at, sensor));
        }),
      skipped: () =>
        void client.invalidateQueries({ predicate: ({ queryKey: [name] }) => name !== 'sensors' }),
      status: setStatus,
    });
    return () => {
      stop();
      close();
    };
  }, [client]);

  return (
    <StatusContext value={status}>
      {children}
      <div className="unseen" aria-live="polite" data-testid="announcement">
        {said}
      </div>
    </StatusContext>
  );
}
