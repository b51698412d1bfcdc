// Services of BACnet (ASHRAE 135, clauses 13 to 17), what they do, and why they are refused.

const CONFIRMED = [
  'acknowledgeAlarm',
  'confirmedCOVNotification',
  'confirmedEventNotification',
  'getAlarmSummary',
  'getEnrollmentSummary',
  'subscribeCOV',
  'atomicReadFile',
  'atomicWriteFile',
  'addListElement',
  'removeListElement',
  'createObject',
  'deleteObject',
  'readProperty',
  'readPropertyConditional',
  'readPropertyMultiple',
  'writeProperty',
  'writePropertyMultiple',
  'deviceCommunicationControl',
  'confirmedPrivateTransfer',
  'confirmedTextMessage',
  'reinitializeDevice',
  'vtOpen',
  'vtClose',
  'vtData',
  'authenticate',
  'requestKey',
  'readRange',
  'lifeSafetyOperation',
  'subscribeCOVProperty',
  'getEventInformation',
  'subscribeCOVPropertyMultiple',
  'confirmedCOVNotificationMultiple',
  'confirmedAuditNotification',
  'auditLogQuery',
];
const UNCONFIRMED = [
  'i-Am',
  'i-Have',
  'unconfirmedCOVNotification',
  'unconfirmedEventNotification',
  'unconfirmedPrivateTransfer',
  'unconfirmedTextMessage',
  'timeSynchronization',
  'who-Has',
  'who-Is',
  'utcTimeSynchronization',
  'writeGroup',
  'unconfirmedCOVNotificationMultiple',
  'unconfirmedAuditNotification',
  'who-Am-I',
  'you-Are',
];
export const READ_PROPERTY_MULTIPLE = 14;
export const WRITE_PROPERTY_MULTIPLE = 16;
export const COMMUNICATION_CONTROL = 17;
export const REINITIALIZE = 20;
export const I_AM = 0;
export const WHO_IS = 8;

export const serviceName = (isConfirmed: boolean, service: number): string =>
  (isConfirmed ? CONFIRMED : UNCONFIRMED)[service] ?? `unknown-${service}`;

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/^(reinitialize|deviceCommunication|lifeSafety)/, 'control'],
  [/^atomicWrite/, 'file-write'],
  [/^atomicRead/, 'file-read'],
  [/^(write|addList|removeList)/, 'write'],
  [/^(create|delete)/, 'configure'],
  [/^(read|get|auditLog)/, 'read'],
  [/imeSynch/, 'clock'],
  [/^(who|i-|you)/, 'discover'],
  [/Notification|subscribe|Alarm/, 'notify'],
];
export const effectOf = (name: string): string =>
  EFFECTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';

const BVLC = [
  'BVLC-Result',
  'Write-Broadcast-Distribution-Table',
  'Read-Broadcast-Distribution-Table',
  'Read-Broadcast-Distribution-Table-Ack',
  'Forwarded-NPDU',
  'Register-Foreign-Device',
  'Read-Foreign-Device-Table',
  'Read-Foreign-Device-Table-Ack',
  'Delete-Foreign-Device-Table-Entry',
  'Distribute-Broadcast-To-Network',
  'Original-Unicast-NPDU',
  'Original-Broadcast-NPDU',
  'Secure-BVLL',
];
export const bvlcName = (code: number): string => BVLC[code] ?? `unknown-${code}`;
export const LAST_BVLC = BVLC.length - 1;

const NETWORK: Readonly<Record<number, string>> = {
  0: 'Who-Is-Router-To-Network',
  1: 'I-Am-Router-To-Network',
  2: 'I-Could-Be-Router-To-Network',
  3: 'Reject-Message-To-Network',
  4: 'Router-Busy-To-Network',
  5: 'Router-Available-To-Network',
  6: 'Initialize-Routing-Table',
  7: 'Initialize-Routing-Table-Ack',
  8: 'Establish-Connection-To-Network',
  9: 'Disconnect-Connection-To-Network',
  10: 'Challenge-Request',
  11: 'Security-Payload',
  12: 'Security-Response',
  13: 'Request-Key-Update',
  14: 'Update-Key-Set',
  15: 'Update-Distribution-Key',
  16: 'Request-Master-Key',
  17: 'Set-Master-Key',
  18: 'What-Is-Network-Number',
  19: 'Network-Number-Is',
};
export const networkName = (code: number): string => NETWORK[code] ?? `unknown-${code}`;

const REJECTS = [
  'other',
  'buffer-overflow',
  'inconsistent-parameters',
  'invalid-parameter-data-type',
  'invalid-tag',
  'missing-required-parameter',
  'parameter-out-of-range',
  'too-many-arguments',
  'undefined-enumeration',
  'unrecognized-service',
];
export const rejectName = (code: number): string => REJECTS[code] ?? `unknown-${code}`;
const ABORTS = [
  'other',
  'buffer-overflow',
  'invalid-apdu-in-this-state',
  'preempted-by-higher-priority-task',
  'segmentation-not-supported',
  'security-error',
  'insufficient-security',
  'window-size-out-of-range',
  'application-exceeded-reply-time',
  'out-of-resources',
  'tsm-timeout',
  'apdu-too-long',
];
export const abortName = (code: number): string => ABORTS[code] ?? `unknown-${code}`;
const CLASSES = ['device', 'object', 'property', 'resources', 'security', 'services', 'vt', 'communication'];
export const errorClassName = (code: number): string => CLASSES[code] ?? `unknown-${code}`;

const STATES = [
  'coldstart',
  'warmstart',
  'start-backup',
  'end-backup',
  'start-restore',
  'end-restore',
  'abort-restore',
  'activate-changes',
];
export const stateName = (code: number): string => STATES[code] ?? `unknown-${code}`;
const SWITCHES = ['enable', 'disable', 'disable-initiation'];
export const switchName = (code: number): string => SWITCHES[code] ?? `unknown-${code}`;
