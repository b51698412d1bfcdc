// Ways into other hosts that are new, and such that are daily work: the cases of `lateral-movement`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const EXECUTION = 'behaviour.lateral-movement.execution';
const SPREAD = 'behaviour.lateral-movement.spread';
const EDGE = 'behaviour.lateral-movement.edge';

function enter(w: Required<Watch>, t: number, src_ip: string, dest_ip: string, dest_port = 445): void {
  w.answered(flow({ src_ip, dest_ip, dest_port, start: at(t), last: at(t) }));
}

/** A week in which twenty hosts use the file server, and an administrator enters all of them. */
function office(w: Required<Watch>): number {
  times(20, (i) => enter(w, i, `10.1.0.${i + 20}`, '10.1.0.2'));
  times(20, (i) => enter(w, 100 + i, '10.1.0.9', `10.1.0.${i + 20}`));
  return passDays(w, 8);
}

const pair = (t: number) => flow({ src_ip: '10.1.0.30', dest_ip: '10.1.0.31', dest_port: 445, start: at(t) });
function share(w: Required<Watch>, t: number, name: string): void {
  const values = { 'smb.command': 'SMB2_COMMAND_TREE_CONNECT', 'smb.well_known_share': name };
  w.event(event('smb', values, at(t), pair(t)));
}
function operate(w: Required<Watch>, t: number, procedure: string): void {
  const values = { 'smb.command': 'SMB2_COMMAND_IOCTL', 'smb.dcerpc.interfaces.procedure': [procedure] };
  w.event(event('smb', values, at(t), pair(t)));
}

export const cases = of('lateral-movement', [
  {
    name: 'a workstation enters four others that it never entered',
    raises: [EDGE, EDGE, EDGE, SPREAD],
    play: (w) => {
      const t = office(w);
      times(6, (i) => enter(w, t + i * 60, '10.1.0.30', `10.1.0.${i + 60}`, 3389));
    },
  },
  {
    name: 'the same by SSH and WinRM together',
    raises: [EDGE, EDGE, EDGE, SPREAD],
    play: (w) => {
      const t = office(w);
      times(4, (i) => enter(w, t + i * 60, '10.1.0.30', `10.1.0.${i + 60}`, i % 2 === 0 ? 22 : 5985));
    },
  },
  {
    name: 'one new edge to a workstation',
    raises: [EDGE],
    play: (w) => enter(w, office(w), '10.1.0.30', '10.1.0.31'),
  },
  {
    name: 'the administrator goes on as before',
    raises: [],
    play: (w) => {
      const t = office(w);
      times(20, (i) => enter(w, t + i, '10.1.0.9', `10.1.0.${i + 20}`));
    },
  },
  {
    name: 'new laptops at the file server',
    raises: [],
    play: (w) => {
      const t = office(w);
      times(20, (i) => enter(w, t + i, `10.1.0.${i + 100}`, '10.1.0.2'));
    },
  },
  {
    name: 'the web, and hosts outside',
    raises: [],
    play: (w) => {
      const t = office(w);
      times(20, (i) => enter(w, t + i, '10.1.0.30', `10.1.0.${i + 60}`, 443));
      times(20, (i) => enter(w, t + i, '10.1.0.30', `198.51.100.${i + 60}`, 22));
    },
  },
  {
    name: 'still learning',
    raises: [],
    play: (w) => {
      const t = passDays(w, 5);
      times(20, (i) => enter(w, t + i, '10.1.0.30', `10.1.0.${i + 60}`));
    },
  },
  {
    name: 'a year that nobody watched teaches nothing',
    raises: [],
    play: (w) => {
      passDays(w, 1);
      const t = passDays(w, 1, 365 * 86_400);
      times(20, (i) => enter(w, t + i, '10.1.0.30', `10.1.0.${i + 60}`));
    },
  },
  {
    name: 'ADMIN$, then a service',
    raises: [EXECUTION],
    play: (w) => {
      share(w, 0, 'ADMIN$');
      operate(w, 2, 'CreateServiceW');
      operate(w, 3, 'StartServiceW');
    },
  },
  {
    name: 'C$, then a task by DCE/RPC alone',
    raises: [EXECUTION],
    play: (w) => {
      share(w, 0, 'C$');
      w.event(event('dcerpc', { 'dcerpc.interfaces.procedure': ['SchRpcRegisterTask'] }, at(5), pair(5)));
    },
  },
  {
    name: 'a share without an operation, and an operation without a share',
    raises: [],
    play: (w) => {
      share(w, 0, 'ADMIN$');
      operate(w, 1, 'QueryServiceStatus');
      share(w, 3_000, 'IPC$');
      operate(w, 3_001, 'CreateServiceW');
    },
  },
  {
    name: 'a pair that has done so for a week',
    raises: [EXECUTION],
    play: (w) => {
      share(w, 0, 'ADMIN$');
      operate(w, 1, 'CreateServiceW');
      const t = passDays(w, 8);
      share(w, t, 'ADMIN$');
      operate(w, t + 1, 'CreateServiceW');
    },
  },
]);
