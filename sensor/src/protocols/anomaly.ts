// The `anomaly` record: something a protocol's parser (EVE type applayer) or the decoder (type decode) found odd.
import type { Field } from './protocol.ts';

export interface Anomaly {
  /** `<protocol>.<name>`, as the protocol declares it; `decoder.…` for the decoder's. */
  readonly event: string;
  /** applayer when it is not given. */
  readonly type?: 'decode';
  /** Absent for the decoder's. */
  readonly app_proto?: string;
}

const field = (spec: Omit<Field, 'read' | 'class'>, read: (m: Anomaly) => string | undefined): Field => ({
  ...spec,
  class: 'protocol',
  read: (m) => read(m as Anomaly),
});

export const anomalyFields: readonly Field[] = [
  field(
    { name: 'anomaly.type', type: 'string', about: 'Where it was found: applayer or decode.' },
    (m) => m.type ?? 'applayer',
  ),
  field(
    {
      name: 'anomaly.event',
      type: 'string',
      aliases: ['weird.name'],
      about: 'Its name, with its protocol in front.',
    },
    (m) => m.event,
  ),
  field(
    { name: 'anomaly.app_proto', type: 'string', about: 'The protocol whose parser found it.' },
    (m) => m.app_proto,
  ),
];
