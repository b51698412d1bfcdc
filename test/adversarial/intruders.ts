// Those who are inside already: new ways into other hosts, data that leaves a host with a past, and calls that stay open.
import { at } from '../support/stage.ts';
import { type Attack, C2, HOST, type Stage, times } from './attack.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Thirty hours of a person who sends about a megabyte an hour. @returns when they are over, s */
function past(stage: Stage): number {
  times(30, (i) =>
    stage.talk(i * HOUR + 60, {
      ...{
        src_ip: HOST,
        dest_ip: '198.51.100.20',
        payload_toserver: Math.round(1e6 * 2 ** (2 * stage.random() - 1)),
      },
      ...{ payload_toclient: 9e6, pkts_toserver: 900, pkts_toclient: 6600 },
    }),
  );
  return 30 * HOUR;
}

/** A week in which an administrator enters all workstations, and these the file server. @returns when it is over, s */
function week(stage: Stage): number {
  for (let day = 0; day < 8; day++)
    times(20, (i) => {
      enter(stage, day * DAY + i, `10.1.0.${i + 20}`, '10.1.0.2');
      enter(stage, day * DAY + 100 + i, '10.1.0.9', `10.1.0.${i + 20}`);
    });
  return 8 * DAY;
}

function enter(stage: Stage, second: number, src_ip: string, dest_ip: string): void {
  stage.talk(second, {
    src_ip,
    dest_ip,
    dest_port: 3389,
    app_proto: 'rdp',
    payload_toserver: 5e4,
    payload_toclient: 4e5,
  });
}

export const intruders: readonly Attack[] = [
  {
    detector: 'lateral-movement',
    title: 'A workstation enters eight others after a week of watching, ever slower',
    turned: 'minutes between hosts',
    values: [1, 10, 60, 180, 360, 720, 1440],
    play: (stage, minutes) => {
      const begin = week(stage);
      times(8, (i) => enter(stage, begin + i * minutes * 60, '10.1.0.30', `10.1.0.${60 + i}`));
    },
  },
  {
    detector: 'unusual-upload',
    title: 'A host that sends a megabyte an hour sends more for one hour',
    turned: 'megabytes',
    values: [500, 200, 100, 60, 40, 25, 20, 10, 5],
    play: (stage, megabytes) => {
      const begin = past(stage);
      times(25, (i) =>
        stage.talk(begin + 60 + i * 60, {
          ...{
            src_ip: HOST,
            dest_ip: `203.0.113.${i}`,
            payload_toserver: (megabytes * 1e6) / 25,
            payload_toclient: 1e4,
          },
          ...{ pkts_toserver: megabytes * 30, pkts_toclient: megabytes * 15 },
        }),
      );
    },
  },
  {
    detector: 'long-connection',
    title: 'One connection to the outside, ever shorter',
    turned: 'hours',
    values: [48, 24, 12, 10, 8, 6, 4, 2],
    play: (stage, hours) =>
      stage.talk(0, {
        src_ip: HOST,
        dest_ip: C2,
        last: at(hours * HOUR),
        payload_toserver: 1e5,
        payload_toclient: 1e5,
      }),
  },
];
