// Well-known RPC interfaces by their UUID: the service's short name and its operations in the order of their numbers.
import { accounts } from './operations-accounts.ts';
import { machine } from './operations-machine.ts';

export interface Interface {
  readonly service: string;
  /** Operation n is the n-th; an empty one is not named. */
  readonly operations: readonly string[];
}

/** `uuid service op0 op1 …`; `-` stands for an operation that is not named. */
function table(lines: readonly string[]): ReadonlyMap<string, Interface> {
  return new Map(
    lines.map((line) => {
      const [uuid, service, ...operations] = line.trim().split(/\s+/);
      return [uuid, { service, operations }] as const;
    }),
  );
}

const INTERFACES = table([...accounts, ...machine]);

export const interfaceOf = (uuid: string): Interface | undefined => INTERFACES.get(uuid);

export function operationName(uuid: string, number: number): string | undefined {
  const name = INTERFACES.get(uuid)?.operations[number];
  return name === '-' ? undefined : name;
}

/** Pipes that Windows itself serves: their names say which service is spoken to, and nothing of anybody. */
const PIPES = new Set(
  (
    'atsvc browser cert dcomscm dnsserver efsrpc epmapper eventlog fssagentrpc inetinfo initshutdown keysvc llsrpc ' +
    'locator lsarpc lsass msgsvc mstask netdfs netlogon ntsvcs pipe_eventroot plugplay policyagent protected_storage ' +
    'ps_remoting rasman router samr scerpc secedit sfcapi spoolss srvsvc svcctl tapsrv termsrv trkwks trksvr ' +
    'w32time webclient wkssvc winreg winspipe wmi wzcsvc psexesvc remcom_communication paexec csexec winlogonrpc'
  ).split(' '),
);

/** The pipe's name when it is a well-known one, lower-case and without its path. */
export function knownPipe(path: string): string | undefined {
  const name = path.substring(path.lastIndexOf('\\') + 1).toLowerCase();
  return PIPES.has(name) ? name : undefined;
}
