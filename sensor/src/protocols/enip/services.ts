// Services of CIP: the common ones, and those that a class has for itself.

const COMMON: Readonly<Record<number, string>> = {
  1: 'Get Attributes All',
  2: 'Set Attributes All',
  3: 'Get Attribute List',
  4: 'Set Attribute List',
  5: 'Reset',
  6: 'Start',
  7: 'Stop',
  8: 'Create',
  9: 'Delete',
  10: 'Multiple Service Packet',
  13: 'Apply Attributes',
  14: 'Get Attribute Single',
  16: 'Set Attribute Single',
  17: 'Find Next Object Instance',
  21: 'Restore',
  22: 'Save',
  23: 'Nop',
  24: 'Get Member',
  25: 'Set Member',
  26: 'Insert Member',
  27: 'Remove Member',
  28: 'Group Sync',
};

export const CONNECTION_MANAGER = 0x06;
const FILE = 0x37;
const PCCC = 0x67;
const BY_CLASS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [CONNECTION_MANAGER]: {
    78: 'Forward Close',
    82: 'Unconnected Send',
    84: 'Forward Open',
    86: 'Get Connection Data',
    87: 'Search Connection Data',
    90: 'Get Connection Owner',
    91: 'Large Forward Open',
  },
  [FILE]: {
    75: 'Initiate Upload',
    76: 'Initiate Download',
    77: 'Initiate Partial Read',
    78: 'Initiate Partial Write',
    79: 'Upload Transfer',
    80: 'Download Transfer',
    81: 'Clear File',
  },
  [PCCC]: { 75: 'Execute PCCC', 76: 'Execute DHP', 77: 'Execute Local PCCC' },
};
/** Controllers of Rockwell: tags and templates. */
const ROCKWELL: Readonly<Record<number, string>> = {
  75: 'Execute PCCC',
  76: 'Read Tag',
  77: 'Write Tag',
  78: 'Read Modify Write Tag',
  79: 'Read Other Tag',
  82: 'Read Tag Fragmented',
  83: 'Write Tag Fragmented',
  84: 'Forward Open',
  85: 'Get Instance Attribute List',
  91: 'Large Forward Open',
};

/** @param classId of the request's path; -1 when it has none, or a tag's name instead */
export const serviceName = (service: number, classId: number): string =>
  COMMON[service] ?? BY_CLASS[classId]?.[service] ?? ROCKWELL[service] ?? `unknown-${service}`;

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/^(Reset|Restore)$/, 'reset'],
  [/^Start$/, 'start'],
  [/^Stop$/, 'stop'],
  [/Download|Clear File|Partial Write/, 'download'],
  [/Upload|Partial Read/, 'upload'],
  [/^(Set|Write|Read Modify|Apply|Save|Insert|Remove)/, 'write'],
  [/^(Create|Delete)$/, 'configure'],
  [/PCCC|DHP/, 'control'],
  [/Forward|Connection/, 'connect'],
  [/^(Get|Read|Find)/, 'read'],
];
const effects = new Map<string, string>();

/** In one word, what a service does to the device. */
export function effectOf(name: string): string {
  let effect = effects.get(name);
  if (effect === undefined) {
    effect = EFFECTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
    // Names come from the tables above, so they are few; numbers without a name are not kept.
    if (!name.startsWith('unknown')) effects.set(name, effect);
  }
  return effect;
}
