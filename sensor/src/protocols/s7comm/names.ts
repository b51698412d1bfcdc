// Numbers of S7comm and what they are called in the field; Siemens never published them.

export const ROSCTR: Readonly<Record<number, string>> = { 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' };

export const SETUP = 0xf0;
export const READ = 0x04;
export const WRITE = 0x05;
export const REQUEST_DOWNLOAD = 0x1a;
export const START_UPLOAD = 0x1d;
export const PI_SERVICE = 0x28;
export const PLC_STOP = 0x29;

const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'CPU Services',
  [READ]: 'Read Var',
  [WRITE]: 'Write Var',
  [REQUEST_DOWNLOAD]: 'Request Download',
  27: 'Download Block',
  28: 'Download Ended',
  [START_UPLOAD]: 'Start Upload',
  30: 'Upload',
  31: 'End Upload',
  [PI_SERVICE]: 'PLC Control',
  [PLC_STOP]: 'PLC Stop',
  [SETUP]: 'Setup Communication',
};
export const functionName = (code: number): string => FUNCTIONS[code] ?? `unknown-${code}`;

const GROUPS: Readonly<Record<number, string>> = {
  0: 'Mode-Transition',
  1: 'Programmer Commands',
  2: 'Cyclic Services',
  3: 'Block Functions',
  4: 'CPU Functions',
  5: 'Security',
  6: 'PBC BSEND/BRECV',
  7: 'Time Functions',
  15: 'NC Programming',
};
export const groupName = (group: number): string => GROUPS[group] ?? `unknown-${group}`;

/** Group → subfunction → name. */
const SUBFUNCTIONS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: {
    0: 'Stop',
    1: 'Warm Restart',
    2: 'Run',
    3: 'Hot Restart',
    4: 'Hold',
    6: 'Cold Restart',
    9: 'Run Redundant',
    11: 'Link-Up',
    12: 'Update',
  },
  1: {
    1: 'Block Status',
    2: 'Variable Status',
    3: 'Output ISTACK',
    4: 'Output BSTACK',
    5: 'Output LSTACK',
    6: 'Time Measurement',
    7: 'Force Selection',
    8: 'Modify Variable',
    9: 'Force',
    10: 'Breakpoint',
    11: 'Exit HOLD',
    12: 'Memory Reset',
    13: 'Disable Job',
    14: 'Enable Job',
    15: 'Delete Job',
    16: 'Read Job List',
    17: 'Read Job',
    18: 'Replace Job',
    19: 'Block Status v2',
    22: 'Flash LED',
  },
  2: {
    1: 'Cyclic Transfer',
    4: 'Unsubscribe',
    5: 'Change Driven Transfer',
    7: 'Change Driven Transfer Modify',
    8: 'RDREC',
  },
  3: { 1: 'List Blocks', 2: 'List Blocks of Type', 3: 'Get Block Info' },
  4: {
    1: 'Read SZL',
    2: 'Message Service',
    3: 'Diagnostic Message',
    5: 'ALARM_8 Indication',
    6: 'NOTIFY Indication',
    7: 'ALARM_8 Lock',
    8: 'ALARM_8 Unlock',
    9: 'SCAN Indication',
    11: 'ALARM Ack',
    12: 'ALARM Ack Indication',
    13: 'ALARM Lock Indication',
    14: 'ALARM Unlock Indication',
    17: 'ALARM_SQ Indication',
    18: 'ALARM_S Indication',
    19: 'ALARM Query',
    22: 'NOTIFY_8 Indication',
  },
  5: { 1: 'PLC Password' },
  7: { 1: 'Read Clock', 2: 'Set Clock', 3: 'Read Clock Following', 4: 'Set Clock' },
  15: {
    1: 'Request Download',
    2: 'Download Block',
    3: 'Continue Download',
    4: 'Download Ended',
    6: 'Start Upload',
    7: 'Upload',
    8: 'Continue Upload',
  },
};
export const subfunctionName = (group: number, code: number): string =>
  SUBFUNCTIONS[group]?.[code] ?? `unknown-${code}`;

const AREAS: Readonly<Record<number, string>> = {
  1: 'data record',
  3: 'system info 200',
  5: 'system flags 200',
  6: 'analog inputs 200',
  7: 'analog outputs 200',
  28: 'counters',
  29: 'timers',
  30: 'IEC counters 200',
  31: 'IEC timers 200',
  128: 'peripherals',
  129: 'inputs',
  130: 'outputs',
  131: 'flags',
  132: 'data block',
  133: 'instance data block',
  134: 'local data',
  135: 'local data of caller',
};
export const areaName = (area: number): string => AREAS[area] ?? `unknown-${area}`;

/** Block type, two characters of hex digits. */
const BLOCKS: Readonly<Record<string, string>> = {
  '08': 'OB',
  '0A': 'DB',
  '0B': 'SDB',
  '0C': 'FC',
  '0D': 'SFC',
  '0E': 'FB',
  '0F': 'SFB',
};
export const blockName = (type: string): string => BLOCKS[type] ?? type;

const ERROR_CLASSES: Readonly<Record<number, string>> = {
  0: 'No error',
  129: 'Application relationship',
  130: 'Object definition',
  131: 'No resources available',
  132: 'Error on service processing',
  133: 'Error on supplies',
  135: 'Access error',
};
export const errorClassName = (code: number): string => ERROR_CLASSES[code] ?? `unknown-${code}`;

/** Kind of connection that the called selector asks for. */
const CONNECTIONS: Readonly<Record<number, string>> = { 1: 'PG', 2: 'OP', 3: 'Basic' };
export const connectionName = (code: number): string => CONNECTIONS[code] ?? `unknown-${code}`;

const EFFECTS: Readonly<Record<number, string>> = {
  [READ]: 'read',
  [WRITE]: 'write',
  [REQUEST_DOWNLOAD]: 'download',
  27: 'download',
  28: 'download',
  [START_UPLOAD]: 'upload',
  30: 'upload',
  31: 'upload',
  [PI_SERVICE]: 'control',
  [PLC_STOP]: 'stop',
  [SETUP]: 'connect',
};
const START_SERVICE = 'P_PROGRAM';
/** In one word, what a job does to the controller. A program is started by the service that bears its name. */
export const effectOf = (code: number, service: string): string =>
  code === PI_SERVICE && service === START_SERVICE ? 'start' : (EFFECTS[code] ?? 'other');

const TIME_FUNCTIONS = 7;
const SECURITY = 5;
const PROGRAMMER = 1;
/** Force, modify, breakpoint, memory reset and what changes jobs. */
const CHANGING = new Set([7, 8, 9, 10, 11, 12, 13, 14, 15, 18]);
const SETTING_CLOCK = new Set([2, 4]);
export function userEffect(group: number, code: number): string {
  if (group === PROGRAMMER) return CHANGING.has(code) ? 'control' : 'read';
  if (group === TIME_FUNCTIONS) return SETTING_CLOCK.has(code) ? 'write' : 'read';
  if (group === SECURITY) return 'authenticate';
  if (group === 15) return code < 6 ? 'download' : 'upload';
  return group === 0 ? 'mode' : 'read';
}
