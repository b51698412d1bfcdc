// Names of SMB commands, dialects, dispositions and control codes (MS-CIFS, MS-SMB2, MS-FSCC), as EVE writes them.

const COMMANDS_1: Readonly<Record<number, string>> = {
  0: 'CREATE_DIRECTORY',
  1: 'DELETE_DIRECTORY',
  2: 'OPEN',
  3: 'CREATE',
  4: 'CLOSE',
  5: 'FLUSH',
  6: 'DELETE',
  7: 'RENAME',
  8: 'QUERY_INFORMATION',
  9: 'SET_INFORMATION',
  10: 'READ',
  11: 'WRITE',
  12: 'LOCK_BYTE_RANGE',
  13: 'UNLOCK_BYTE_RANGE',
  14: 'CREATE_TEMPORARY',
  15: 'CREATE_NEW',
  16: 'CHECK_DIRECTORY',
  17: 'PROCESS_EXIT',
  18: 'SEEK',
  19: 'LOCK_AND_READ',
  20: 'WRITE_AND_UNLOCK',
  36: 'LOCKING_ANDX',
  37: 'TRANS',
  43: 'ECHO',
  44: 'WRITE_AND_CLOSE',
  45: 'OPEN_ANDX',
  46: 'READ_ANDX',
  47: 'WRITE_ANDX',
  50: 'TRANS2',
  51: 'TRANS2_SECONDARY',
  52: 'FIND_CLOSE2',
  112: 'TREE_CONNECT',
  113: 'TREE_DISCONNECT',
  114: 'NEGOTIATE_PROTOCOL',
  115: 'SESSION_SETUP_ANDX',
  116: 'LOGOFF_ANDX',
  117: 'TREE_CONNECT_ANDX',
  128: 'QUERY_INFO_DISK',
  160: 'NT_TRANS',
  161: 'NT_TRANS_SECONDARY',
  162: 'NT_CREATE_ANDX',
  164: 'NT_CANCEL',
};

const COMMANDS_2: readonly string[] = (
  'NEGOTIATE_PROTOCOL SESSION_SETUP SESSION_LOGOFF TREE_CONNECT TREE_DISCONNECT CREATE CLOSE FLUSH READ WRITE LOCK ' +
  'IOCTL CANCEL KEEPALIVE FIND CHANGE_NOTIFY GET_INFO SET_INFO OPLOCK_BREAK'
).split(' ');

export function commandName(version: number, command: number): string {
  if (command < 0) return 'SMB3_ENCRYPTED';
  const name = version === 1 ? COMMANDS_1[command] : COMMANDS_2[command];
  return name === undefined ? String(command) : `SMB${version}_COMMAND_${name}`;
}

const DIALECTS: Readonly<Record<number, string>> = {
  514: '2.02',
  528: '2.10',
  546: '2.22',
  548: '2.24',
  767: '2.??',
  768: '3.00',
  770: '3.02',
  784: '3.10',
  785: '3.11',
};
export const dialectName = (dialect: number): string => DIALECTS[dialect] ?? String(dialect);

const DISPOSITIONS: readonly string[] =
  'FILE_SUPERSEDE FILE_OPEN FILE_CREATE FILE_OPEN_IF FILE_OVERWRITE FILE_OVERWRITE_IF'.split(' ');
export const dispositionName = (disposition: number): string => DISPOSITIONS[disposition] ?? 'UNKNOWN';

const SHARE_TYPES: readonly string[] = ['UNKNOWN', 'FILE', 'PIPE', 'PRINT'];
export const shareTypeName = (type: number): string => SHARE_TYPES[type] ?? 'UNKNOWN';

const CIPHERS: Readonly<Record<number, string>> = {
  1: 'AES-128-CCM',
  2: 'AES-128-GCM',
  3: 'AES-256-CCM',
  4: 'AES-256-GCM',
};
export const cipherName = (cipher: number): string => CIPHERS[cipher] ?? String(cipher);

const FUNCTIONS: Readonly<Record<number, string>> = {
  393620: 'FSCTL_DFS_GET_REFERRALS',
  393648: 'FSCTL_DFS_GET_REFERRALS_EX',
  589920: 'FSCTL_IS_PATHNAME_VALID',
  589980: 'FSCTL_GET_OBJECT_ID',
  589988: 'FSCTL_SET_REPARSE_POINT',
  589992: 'FSCTL_GET_REPARSE_POINT',
  590016: 'FSCTL_CREATE_OR_GET_OBJECT_ID',
  590020: 'FSCTL_SET_SPARSE',
  606415: 'FSCTL_QUERY_ALLOCATED_RANGES',
  622792: 'FSCTL_SET_ZERO_DATA',
  623112: 'FSCTL_FILE_LEVEL_TRIM',
  1114136: 'FSCTL_PIPE_WAIT',
  1130508: 'FSCTL_PIPE_PEEK',
  1163287: 'FSCTL_PIPE_TRANSCEIVE',
  1310840: 'FSCTL_SRV_REQUEST_RESUME_KEY',
  1311188: 'FSCTL_LMR_REQUEST_RESILIENCY',
  1311228: 'FSCTL_QUERY_NETWORK_INTERFACE_INFO',
  1311236: 'FSCTL_VALIDATE_NEGOTIATE_INFO',
  1327204: 'FSCTL_SRV_ENUMERATE_SNAPSHOTS',
  1327346: 'FSCTL_SRV_COPYCHUNK',
  1327547: 'FSCTL_SRV_READ_HASH',
  1343730: 'FSCTL_SRV_COPYCHUNK_WRITE',
};
export const PIPE_TRANSCEIVE = 1163287;
export const functionName = (code: number): string => FUNCTIONS[code] ?? String(code);

const SHARES = new Set(['IPC$', 'ADMIN$', 'PRINT$', 'FAX$', 'SYSVOL', 'NETLOGON']);
const DRIVE = /^[A-Z]\$$/;

/** The share when every Windows machine has it: `ADMIN$`, `C$`, `IPC$` … Such a name says nothing of anybody. */
export function knownShare(path: string): string | undefined {
  const name = path.substring(path.lastIndexOf('\\') + 1).toUpperCase();
  return SHARES.has(name) || DRIVE.test(name) ? name : undefined;
}
