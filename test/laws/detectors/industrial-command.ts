// Commands to controllers that are new, and a plant's daily traffic: the cases of `industrial-command`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const NEW_MASTER = 'behaviour.industrial-command.new-master';
const NEW_DEVICE = 'behaviour.industrial-command.new-device';
const FIRST_GRAVE = 'behaviour.industrial-command.first-grave';
const OUTSIDE = 'behaviour.industrial-command.outside';

function send(
  w: Required<Watch>,
  t: number,
  type: string,
  effect: string,
  src_ip = '10.9.0.2',
  dest_ip = '10.9.0.50',
): void {
  w.event(event(type, { [`${type}.effect`]: effect }, at(t), flow({ src_ip, dest_ip, start: at(t) })));
}

/** A master that reads and writes every ten minutes for eight days. */
function plant(w: Required<Watch>, type = 'modbus'): number {
  times(8 * 144, (i) => {
    w.tick(at(i * 600));
    send(w, i * 600, type, 'read');
    send(w, i * 600 + 1, type, 'write');
  });
  return 8 * 86_400;
}

export const cases = of('industrial-command', [
  {
    name: 'a workstation writes to a controller',
    raises: [NEW_MASTER],
    play: (w) => {
      const t = plant(w);
      times(9, (i) => send(w, t + i, 'modbus', 'write', '10.9.0.77'));
    },
  },
  {
    name: 'the master writes to another controller',
    raises: [NEW_DEVICE],
    play: (w) => send(w, plant(w), 'modbus', 'write', '10.9.0.2', '10.9.0.51'),
  },
  {
    name: 'the master stops a controller for the first time',
    raises: [FIRST_GRAVE],
    play: (w) => send(w, plant(w, 's7comm'), 's7comm', 'stop'),
  },
  {
    name: 'a command from outside, on the first day',
    raises: [OUTSIDE],
    play: (w) => times(5, (i) => send(w, i, 'iec104', 'control', '203.0.113.9')),
  },
  {
    name: 'the master goes on',
    raises: [],
    play: (w) => {
      const t = plant(w, 'opcua');
      times(50, (i) => send(w, t + i, 'opcua', 'write'));
    },
  },
  {
    name: 'others read',
    raises: [],
    play: (w) => {
      const t = plant(w, 'dnp3');
      times(50, (i) => send(w, t + i, 'dnp3', 'read', `10.9.0.${i + 100}`));
      times(50, (i) => send(w, t + i, 'bacnet', 'discover', `10.9.0.${i + 100}`));
    },
  },
  {
    name: 'a station that begins and ends the transfer of IEC 104',
    raises: [],
    play: (w) => {
      const t = plant(w, 'iec104');
      send(w, t, 'iec104', 'start', '10.9.0.3');
      send(w, t, 'iec104', 'stop', '10.9.0.3');
    },
  },
  {
    name: 'on the first days everything is new',
    raises: [],
    play: (w) => {
      times(100, (i) => send(w, i * 60, 'enip', 'stop', `10.9.0.${i + 100}`));
      passDays(w, 1);
    },
  },
]);
