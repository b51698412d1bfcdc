// Numbers of Modbus and their names (MODBUS Application Protocol V1.1b3; vendors' numbers as the field calls them).

/** Function → the word of Suricata, the word of Zeek. */
const FUNCTIONS: Readonly<Record<number, readonly [string | undefined, string]>> = {
  1: ['RdCoils', 'READ_COILS'],
  2: ['RdDiscreteInputs', 'READ_DISCRETE_INPUTS'],
  3: ['RdHoldRegs', 'READ_HOLDING_REGISTERS'],
  4: ['RdInputRegs', 'READ_INPUT_REGISTERS'],
  5: ['WrSingleCoil', 'WRITE_SINGLE_COIL'],
  6: ['WrSingleReg', 'WRITE_SINGLE_REGISTER'],
  7: ['RdExcStatus', 'READ_EXCEPTION_STATUS'],
  8: ['Diagnostic', 'DIAGNOSTICS'],
  9: ['Program484', 'PROGRAM_484'],
  10: ['Poll484', 'POLL_484'],
  11: ['GetCommEventCtr', 'GET_COMM_EVENT_COUNTER'],
  12: ['GetCommEventLog', 'GET_COMM_EVENT_LOG'],
  13: ['ProgramController', 'PROGRAM_584_984'],
  14: ['PollController', 'POLL_584_984'],
  15: ['WrMultCoils', 'WRITE_MULTIPLE_COILS'],
  16: ['WrMultRegs', 'WRITE_MULTIPLE_REGISTERS'],
  17: ['ReportServerID', 'REPORT_SLAVE_ID'],
  18: ['Program884', 'PROGRAM_884_U84'],
  19: ['ResetCommLink', 'RESET_COMM_LINK_884_U84'],
  20: ['RdFileRec', 'READ_FILE_RECORD'],
  21: ['WrFileRec', 'WRITE_FILE_RECORD'],
  22: ['MaskWrReg', 'MASK_WRITE_REGISTER'],
  23: ['RdWrMultRegs', 'READ_WRITE_MULTIPLE_REGISTERS'],
  24: ['RdFIFOQueue', 'READ_FIFO_QUEUE'],
  40: [undefined, 'PROGRAM_CONCEPT'],
  41: [undefined, 'MULTIPLE_FUNCTION_CODES'],
  43: ['MEI', 'ENCAP_INTERFACE_TRANSPORT'],
  90: [undefined, 'PROGRAM_UNITY'],
  91: [undefined, 'OBJECT_MESSAGING'],
  125: [undefined, 'FIRMWARE_REPLACEMENT'],
  126: [undefined, 'PROGRAM_584_984_2'],
  127: [undefined, 'REPORT_LOCAL_ADDRESS'],
};

export const isKnown = (code: number): boolean => FUNCTIONS[code] !== undefined;
export const functionWord = (code: number): string => FUNCTIONS[code & 0x7f]?.[0] ?? 'Unknown';
/** Zeek names a refusal of an unknown function by the whole byte. */
export const functionName = (raw: number): string => {
  const name = FUNCTIONS[raw & 0x7f]?.[1];
  return name === undefined ? `unknown-${raw}` : raw & 0x80 ? `${name}_EXCEPTION` : name;
};

/** What a function reads and writes, bit by bit as `ACCESS_BITS` names it. */
const READ = 1;
const WRITE = 2;
const DISCRETES = 4;
const COILS = 8;
const INPUT = 16;
const HOLDING = 32;
const SINGLE = 64;
const MULTIPLE = 128;
const ACCESS: Readonly<Record<number, number>> = {
  1: READ | COILS,
  2: READ | DISCRETES,
  3: READ | HOLDING,
  4: READ | INPUT,
  5: WRITE | COILS | SINGLE,
  6: WRITE | HOLDING | SINGLE,
  15: WRITE | COILS | MULTIPLE,
  16: WRITE | HOLDING | MULTIPLE,
  22: WRITE | HOLDING,
  23: READ | WRITE | HOLDING | MULTIPLE,
};
/** Suricata writes the two combinations beside their parts. */
const ACCESS_BITS: readonly (readonly [number, string])[] = [
  [READ, 'READ'],
  [WRITE, 'WRITE'],
  [DISCRETES, 'DISCRETES'],
  [COILS, 'COILS'],
  [INPUT, 'INPUT'],
  [HOLDING, 'HOLDING'],
  [SINGLE, 'SINGLE'],
  [MULTIPLE, 'MULTIPLE'],
  [WRITE | SINGLE, 'WRITE_SINGLE'],
  [WRITE | MULTIPLE, 'WRITE_MULTIPLE'],
];
const accessWords = new Map<number, string>();
for (const [code, bits] of Object.entries(ACCESS)) {
  const words = ACCESS_BITS.filter(([mask]) => (bits & mask) === mask).map(([, word]) => word);
  accessWords.set(Number(code), words.join(' | '));
}
export const accessType = (code: number): string => accessWords.get(code & 0x7f) ?? 'NONE';

/** Functions that read, beyond those of `ACCESS`. */
const READS = new Set([7, 10, 11, 12, 14, 17, 20, 24, 43, 127]);
/** Functions that load a program or firmware, or cut a line. */
const CONTROLS = new Set([9, 13, 18, 19, 40, 90, 125, 126]);
/** Restart, delimiter, listen only, and everything that clears counters. */
const CONTROLLING_DIAGNOSTICS = new Set([1, 3, 4, 10, 20, 21]);
const DIAGNOSTIC = 8;
const WRITE_FILE = 21;

/** In one word, what a request does to the device. */
export function effectOf(code: number, diagnostic: number): string {
  const access = ACCESS[code] ?? 0;
  if (access & WRITE || code === WRITE_FILE) return 'write';
  if (access & READ || READS.has(code)) return 'read';
  if (code === DIAGNOSTIC) return CONTROLLING_DIAGNOSTICS.has(diagnostic) ? 'control' : 'diagnose';
  return CONTROLS.has(code) ? 'control' : 'other';
}

/** First code behind each range, and what the range is (specification §5). */
const CATEGORIES: readonly (readonly [number, string])[] = [
  [1, 'NONE'],
  [9, 'PUBLIC_UNASSIGNED'],
  [15, 'RESERVED'],
  [41, 'PUBLIC_UNASSIGNED'],
  [43, 'RESERVED'],
  [65, 'PUBLIC_UNASSIGNED'],
  [73, 'USER_DEFINED'],
  [90, 'PUBLIC_UNASSIGNED'],
  [92, 'RESERVED'],
  [100, 'PUBLIC_UNASSIGNED'],
  [111, 'USER_DEFINED'],
  [125, 'PUBLIC_UNASSIGNED'],
  [128, 'RESERVED'],
];
/** @param isReserved its subfunction is one that nobody assigned */
export function categoryOf(raw: number, isReserved: boolean): string {
  if (FUNCTIONS[raw & 0x7f]?.[0] !== undefined) return isReserved ? 'RESERVED' : 'PUBLIC_ASSIGNED';
  return CATEGORIES.find(([behind]) => raw < behind)?.[1] ?? 'NONE';
}

const EXCEPTIONS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['IllegalFunction', 'ILLEGAL_FUNCTION'],
  2: ['IllegalDataAddr', 'ILLEGAL_DATA_ADDRESS'],
  3: ['IllegalDataValue', 'ILLEGAL_DATA_VALUE'],
  4: ['ServerDeviceFail', 'SLAVE_DEVICE_FAILURE'],
  5: ['Ack', 'ACKNOWLEDGE'],
  6: ['ServerDeviceBusy', 'SLAVE_DEVICE_BUSY'],
  7: ['NegAck', 'unknown-7'],
  8: ['MemParityErr', 'MEMORY_PARITY_ERROR'],
  10: ['GatewayPathUnavailable', 'GATEWAY_PATH_UNAVAILABLE'],
  11: ['GatewayTargetFailToResp', 'GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND'],
};
export const isException = (code: number): boolean => EXCEPTIONS[code] !== undefined;
export const exceptionWord = (code: number): string => EXCEPTIONS[code]?.[0] ?? 'Unknown';
export const exceptionName = (code: number): string => EXCEPTIONS[code]?.[1] ?? `unknown-${code}`;

const DIAGNOSTICS: Readonly<Record<number, string>> = {
  0: 'RetQueryData',
  1: 'RestartCommOpt',
  2: 'RetDiagReg',
  3: 'ChangeInputDelimiter',
  4: 'ForceListenOnlyMode',
  10: 'ClearCtrDiagReg',
  11: 'RetBusMsgCount',
  12: 'RetBusCommErrCount',
  13: 'RetBusExcErrCount',
  14: 'RetServerMsgCount',
  15: 'RetServerNoRespCount',
  16: 'RetServerNAKCount',
  17: 'RetServerBusyCount',
  18: 'RetBusCharOverrunCount',
  19: 'RetOverrunErrCount',
  20: 'ClearOverrunCounterFlag',
  21: 'GetClearPlusStats',
};
export const diagnosticWord = (code: number): string => DIAGNOSTICS[code] ?? 'Reserved';

const MEI: Readonly<Record<number, string>> = { 13: 'CANOpenGenRefReqResp', 14: 'RdDevId' };
export const meiWord = (code: number): string => MEI[code] ?? 'Unknown';
