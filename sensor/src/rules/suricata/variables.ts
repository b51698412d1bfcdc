// What rules mean by $HOME_NET and the like: a `vars` section as suricata.yaml has it, over what is usual.
import { parse } from 'yaml';
import { SensorError } from '../../errors.ts';

export interface Variables {
  /** Name without its dollar sign → addresses, or ports, as a rule would write them. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<string, string>;
}

/** Networks that are never routed on the internet: whoever does not say what is inside has these inside. */
const INSIDE =
  '[10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,127.0.0.0/8,fc00::/7,fe80::/10,::1]';

const ADDRESSES: Readonly<Record<string, string>> = {
  HOME_NET: INSIDE,
  EXTERNAL_NET: '!$HOME_NET',
  HTTP_SERVERS: '$HOME_NET',
  SMTP_SERVERS: '$HOME_NET',
  SQL_SERVERS: '$HOME_NET',
  DNS_SERVERS: '$HOME_NET',
  TELNET_SERVERS: '$HOME_NET',
  AIM_SERVERS: '$EXTERNAL_NET',
  DC_SERVERS: '$HOME_NET',
  DNP3_SERVER: '$HOME_NET',
  DNP3_CLIENT: '$HOME_NET',
  MODBUS_CLIENT: '$HOME_NET',
  MODBUS_SERVER: '$HOME_NET',
  ENIP_CLIENT: '$HOME_NET',
  ENIP_SERVER: '$HOME_NET',
};
const PORTS: Readonly<Record<string, string>> = {
  HTTP_PORTS: '80',
  SHELLCODE_PORTS: '!80',
  ORACLE_PORTS: '1521',
  SSH_PORTS: '22',
  DNP3_PORTS: '20000',
  MODBUS_PORTS: '502',
  FILE_DATA_PORTS: '[$HTTP_PORTS,110,143]',
  FTP_PORTS: '21',
  GENEVE_PORTS: '6081',
  VXLAN_PORTS: '4789',
  TEREDO_PORTS: '3544',
  SIP_PORTS: '[5060,5061]',
};

export const usualVariables: Variables = {
  addresses: new Map(Object.entries(ADDRESSES)),
  ports: new Map(Object.entries(PORTS)),
};

/**
 * Reads the `vars` section of a suricata.yaml; everything else in it is not ours.
 * @throws SensorError config_invalid
 */
export function readVariables(file: string, text: string): Variables {
  let root: unknown;
  try {
    root = parse(text, { logLevel: 'silent' });
  } catch (error) {
    throw new SensorError('config_invalid', `${file}: YAML: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  const vars = (root as { vars?: unknown } | null)?.vars;
  const groups = vars as Readonly<Record<string, unknown>> | undefined;
  return {
    addresses: new Map([...usualVariables.addresses, ...group(file, groups?.['address-groups'])]),
    ports: new Map([...usualVariables.ports, ...group(file, groups?.['port-groups'])]),
  };
}

function group(file: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw new SensorError('config_invalid', `${file}: vars: a map of names`);
  return Object.entries(value).map(([name, text]) => {
    const list = Array.isArray(text) ? `[${text.join(',')}]` : String(text);
    return [name, list.trim()];
  });
}
