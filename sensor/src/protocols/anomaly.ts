// The `anomaly` record: something a protocol's parser found odd (EVE `anomaly`, type applayer).
import type { Field } from './protocol.ts';

export interface Anomaly {
  /** `<protocol>.<name>`, as the protocol declares it. */
  readonly event: string;
  readonly app_proto: string;
}

const field = (spec: Omit<Field, 'read' | 'class'>, read: (m: Anomaly) => string): Field => ({
  ...spec,
  class: 'protocol',
  read: (m) => read(m as Anomaly),
});

export const anomalyFields: readonly Field[] = [
  field({ name: 'anomaly.type', type: 'string', about: 'Where it was found: applayer.' }, () => 'applayer'),
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
