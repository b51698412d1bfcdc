// Types of application data of IEC 60870-5-101 and -104 (and -7): name, octets of one element, and what they do.

/** What an element does to the station. */
export type Effect =
  | 'monitor'
  | 'control'
  | 'setpoint'
  | 'interrogate'
  | 'read'
  | 'clock'
  | 'reset'
  | 'test'
  | 'parameter'
  | 'file'
  | 'security';

export interface TypeOf {
  readonly name: string;
  /** Octets of one element; -1 where they vary. */
  readonly size: number;
  readonly effect: Effect;
}

const VARIES = -1;
const types: Record<number, TypeOf> = {};
/** Types in a row, from the first number on: `name:size`. */
function row(first: number, effect: Effect, names: string): void {
  for (const [i, one] of names.split(' ').entries()) {
    const [name, size] = one.split(':');
    types[first + i] = { name, size: Number(size), effect };
  }
}
row(
  1,
  'monitor',
  'M_SP_NA_1:1 M_SP_TA_1:4 M_DP_NA_1:1 M_DP_TA_1:4 M_ST_NA_1:2 M_ST_TA_1:5 M_BO_NA_1:5 M_BO_TA_1:8',
);
row(
  9,
  'monitor',
  'M_ME_NA_1:3 M_ME_TA_1:6 M_ME_NB_1:3 M_ME_TB_1:6 M_ME_NC_1:5 M_ME_TC_1:8 M_IT_NA_1:5 M_IT_TA_1:8',
);
row(17, 'monitor', 'M_EP_TA_1:6 M_EP_TB_1:7 M_EP_TC_1:7 M_PS_NA_1:5 M_ME_ND_1:2');
row(30, 'monitor', 'M_SP_TB_1:8 M_DP_TB_1:8 M_ST_TB_1:9 M_BO_TB_1:12 M_ME_TD_1:10 M_ME_TE_1:10 M_ME_TF_1:12');
row(37, 'monitor', 'M_IT_TB_1:12 M_EP_TD_1:10 M_EP_TE_1:11 M_EP_TF_1:11');
row(41, 'security', 'S_IT_TC_1:14');
row(45, 'control', 'C_SC_NA_1:1 C_DC_NA_1:1 C_RC_NA_1:1');
row(48, 'setpoint', 'C_SE_NA_1:3 C_SE_NB_1:3 C_SE_NC_1:5 C_BO_NA_1:4');
row(58, 'control', 'C_SC_TA_1:8 C_DC_TA_1:8 C_RC_TA_1:8');
row(61, 'setpoint', 'C_SE_TA_1:10 C_SE_TB_1:10 C_SE_TC_1:12 C_BO_TA_1:11');
row(70, 'monitor', 'M_EI_NA_1:1');
row(81, 'security', `S_CH_NA_1:${VARIES} S_RP_NA_1:${VARIES} S_AR_NA_1:${VARIES} S_KR_NA_1:${VARIES}`);
row(85, 'security', `S_KS_NA_1:${VARIES} S_KC_NA_1:${VARIES} S_ER_NA_1:${VARIES}`);
row(90, 'security', `S_US_NA_1:${VARIES} S_UQ_NA_1:${VARIES} S_UR_NA_1:${VARIES}`);
row(93, 'security', `S_UK_NA_1:${VARIES} S_UA_NA_1:${VARIES} S_UC_NA_1:${VARIES}`);
row(100, 'interrogate', 'C_IC_NA_1:1 C_CI_NA_1:1');
row(102, 'read', 'C_RD_NA_1:0');
row(103, 'clock', 'C_CS_NA_1:7');
row(104, 'test', 'C_TS_NA_1:2');
row(105, 'reset', 'C_RP_NA_1:1');
row(106, 'clock', 'C_CD_NA_1:2');
row(107, 'test', 'C_TS_TA_1:9');
row(110, 'parameter', 'P_ME_NA_1:3 P_ME_NB_1:3 P_ME_NC_1:5 P_AC_NA_1:1');
row(
  120,
  'file',
  `F_FR_NA_1:6 F_SR_NA_1:7 F_SC_NA_1:4 F_LS_NA_1:5 F_AF_NA_1:4 F_SG_NA_1:${VARIES} F_DR_TA_1:13`,
);
row(127, 'file', 'F_SC_NB_1:16');

export const typeOf = (id: number): TypeOf | undefined => types[id];
export const typeName = (id: number): string => types[id]?.name ?? `unknown-${id}`;
export const effectOf = (id: number): string => types[id]?.effect ?? 'other';

const CAUSES: Readonly<Record<number, string>> = {
  1: 'periodic',
  2: 'background',
  3: 'spontaneous',
  4: 'initialized',
  5: 'request',
  6: 'activation',
  7: 'activation_confirmation',
  8: 'deactivation',
  9: 'deactivation_confirmation',
  10: 'activation_termination',
  11: 'return_remote',
  12: 'return_local',
  13: 'file_transfer',
  14: 'authentication',
  15: 'session_key',
  16: 'user_key',
  20: 'interrogated_station',
  37: 'counters_general',
  44: 'unknown_type',
  45: 'unknown_cause',
  46: 'unknown_common_address',
  47: 'unknown_object_address',
};
export const causeName = (code: number): string => {
  if (code > 20 && code <= 36) return `interrogated_group_${code - 20}`;
  if (code > 37 && code <= 41) return `counters_group_${code - 37}`;
  return CAUSES[code] ?? `unknown-${code}`;
};
export const isCause = (code: number): boolean => !causeName(code).startsWith('unknown-');
