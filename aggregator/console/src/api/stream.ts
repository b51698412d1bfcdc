// Listening to the live stream: resumes by itself where it broke off, and says how it stands.
import { apiPath } from './client.ts';
import type { LiveAlert, Sensor } from './shapes.ts';

export type StreamStatus = 'connecting' | 'live' | 'reconnecting' | 'stopped';

export interface StreamListener {
  /** Alerts of the last quarter of a second, oldest first. */
  alerts(batch: readonly LiveAlert[]): void;
  sensor(sensor: Sensor): void;
  /** So much came at once that the stream left alerts out: what is loaded is no longer whole. */
  skipped(): void;
  status(status: StreamStatus): void;
}

/** A storm of alerts must not become a storm of renders. */
const BATCH_MS = 250;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Opens the stream; the answer closes it for good. */
export function listen(listener: StreamListener): () => void {
  let source: EventSource | undefined;
  let lastId = '';
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let flush: ReturnType<typeof setTimeout> | undefined;
  let waiting: LiveAlert[] = [];

  const deliver = (): void => {
    flush = undefined;
    const batch = waiting;
    waiting = [];
    listener.alerts(batch);
  };

  const open = (): void => {
    listener.status(failures === 0 ? 'connecting' : 'reconnecting');
    source = new EventSource(apiPath('stream', { after: lastId }));
    source.addEventListener('open', () => {
      failures = 0;
      listener.status('live');
    });
    source.addEventListener('alert', (event: MessageEvent<string>) => {
      lastId = event.lastEventId || lastId;
      waiting.push(JSON.parse(event.data) as LiveAlert);
      flush ??= setTimeout(deliver, BATCH_MS);
    });
    source.addEventListener('sensor', (event: MessageEvent<string>) =>
      listener.sensor(JSON.parse(event.data) as Sensor),
    );
    source.addEventListener('skipped', (event) => {
      lastId = event.lastEventId || lastId;
      listener.skipped();
    });
    source.addEventListener('error', () => {
      // While CONNECTING the browser retries alone, with Last-Event-ID; CLOSED means it gave up.
      if (source?.readyState !== EventSource.CLOSED) return listener.status('reconnecting');
      listener.status('stopped');
      retry = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    });
  };

  open();
  return () => {
    clearTimeout(retry);
    clearTimeout(flush);
    source?.close();
  };
}
