// Controllers of a water works: their panel as it is every day, and somebody who stops, reloads and silences them.
import { spoken as adb } from '../../laws/conversations/adb.ts';
import { spoken as bacnet, bvlc, object, reply, unicast } from '../../laws/conversations/bacnet.ts';
import { message as coap, spoken as coapBook, options } from '../../laws/conversations/coap.ts';
import { answers, asks, spoken as dnp3 } from '../../laws/conversations/dnp3.ts';
import { spoken as enip } from '../../laws/conversations/enip.ts';
import { data, spoken as iec104, le24, unnumbered } from '../../laws/conversations/iec104.ts';
import { mbap, spoken as modbus } from '../../laws/conversations/modbus.ts';
import { packet, text } from '../../laws/conversations/mqtt.ts';
import { spoken as opcua } from '../../laws/conversations/opcua.ts';
import {
  ack,
  CONFIRM,
  CONNECT,
  job,
  SETUP,
  spoken as s7comm,
  userdata,
} from '../../laws/conversations/s7comm.ts';
import { spoken as telnet } from '../../laws/conversations/telnet.ts';
import { be16, octets } from '../../support/packets/octets.ts';
import { part, Scene, type Take } from './scene.ts';

const PANEL = '10.20.5.2';

const MISUSED = '10.20.1.66';
const STRANGER = '203.0.113.50';
const PLC = '10.20.5.10';
const RTU = '10.20.5.11';
const BUILDING = '10.20.5.12';
const BROKER = '10.20.0.90';
const OUTSIDE_BROKER = '198.51.100.90';
const device = (n: number): string => `10.20.5.${20 + n}`;

const S7_HELLO = [
  ['client', CONNECT],
  ['server', CONFIRM],
  ['client', job(1, SETUP)],
  ['server', ack(1, octets([0xf0, 0], be16(1), be16(1), be16(240)))],
] as const;
const read = (transaction: number, unit: number): Uint8Array =>
  mbap(transaction, unit, [3], be16(100), be16(4));
const held = (transaction: number, unit: number): Uint8Array =>
  mbap(transaction, unit, [3, 8], new Uint8Array(8));

const subscribe = (topic: string): Uint8Array => packet(0x82, be16(1), text(topic), [0]);
const connect = (flags: number, ...rest: readonly Uint8Array[]): Uint8Array =>
  packet(0x10, text('MQTT'), [4, flags], be16(60), ...rest);

function modbusAttacks(scene: Scene): void {
  // Who is behind the gateway, and which registers does it have?
  const units = Array.from({ length: 12 }, (_, i) => i + 1);
  scene.tcp(
    MISUSED,
    PLC,
    502,
    ...units.flatMap((unit) => [
      ['client', read(unit, unit)] as const,
      ['server', mbap(unit, unit, [0x83, 11])] as const,
    ]),
  );
  const holes = Array.from({ length: 20 }, (_, i) => i + 1);
  scene.tcp(
    MISUSED,
    PLC,
    502,
    ...holes.flatMap((n) => [
      ['client', mbap(n, 1, [3], be16(n * 500), be16(1))] as const,
      ['server', mbap(n, 1, [0x83, 2])] as const,
    ]),
  );
  scene.talk(MISUSED, PLC, part(modbus, 1));
  scene.talk(MISUSED, PLC, part(modbus, 0, 2));
  // The same gateway from the Internet.
  scene.tcp(STRANGER, PLC, 502, ['client', read(1, 1)], ['server', held(1, 1)]);
}

function s7Attacks(scene: Scene): void {
  scene.talk(MISUSED, PLC, part(s7comm, 1, 0, 12));
  // Which mode is the CPU in?
  scene.tcp(MISUSED, PLC, 102, ...S7_HELLO, [
    'client',
    userdata(3, [0, 1, 0x12, 4, 0x11, 0x44, 1, 0], octets([0xff, 9], be16(4), be16(0x0424), be16(0))),
  ]);
  // A block is fetched: its number, then what the station asks for.
  scene.tcp(MISUSED, PLC, 102, ...S7_HELLO, [
    'client',
    job(2, octets([0x1d, 0, 0, 0, 0, 0, 0, 0, 9], '_0800001A')),
  ]);
}

function substationAttacks(scene: Scene): void {
  scene.talk(MISUSED, RTU, part(dnp3, 0));
  scene.tcp(
    MISUSED,
    RTU,
    20_000,
    ['client', asks([0xc1, 21], [60, 2, 6, 60, 3, 6, 60, 4, 6])],
    ['server', answers([0xc1, 129], be16(0))],
    ['client', asks([0xc2, 18])],
    ['server', answers([0xc2, 129], be16(0))],
  );
  const points = Array.from({ length: 24 }, (_, i) => 3000 + i);
  scene.tcp(
    MISUSED,
    RTU,
    2404,
    ['client', unnumbered(0x07)],
    ['server', unnumbered(0x0b)],
    ...points.flatMap((point) => [
      ['client', data(46, 1, 6, 5, le24(point), [0x02])] as const,
      ['server', data(46, 1, 7, 5, le24(point), [0x02])] as const,
    ]),
    ['client', data(105, 1, 6, 5, le24(0), [1])],
    ['server', data(105, 1, 7, 5, le24(0), [1])],
  );
}

function otherAttacks(scene: Scene): void {
  scene.talk(MISUSED, PLC, part(enip, 1));
  scene.talk(MISUSED, PLC, part(enip, 0));
  scene.talk(MISUSED, BUILDING, part(bacnet, 0));
  scene.udp(MISUSED, BUILDING, 47_808, ['client', bvlc(5, be16(60))], ['server', bvlc(0, [0, 0])]);
  scene.talk(MISUSED, PLC, part(opcua, 0));
  scene.talk(MISUSED, '10.20.5.40', part(adb, 0));
  scene.tcp(
    MISUSED,
    BROKER,
    1883,
    ['client', connect(0x02, text('x'))],
    ['server', packet(0x20, [0, 0])],
    ['client', subscribe('#')],
    ['server', packet(0x90, be16(1), [0])],
  );
  for (let i = 0; i < 12; i++)
    scene.tcp(
      MISUSED,
      BROKER,
      1883,
      ['client', connect(0xc2, text('x'), text('admin'), text(`guess${i}`))],
      ['server', packet(0x20, [0, 4])],
    );
  scene.tcp(
    device(1),
    OUTSIDE_BROKER,
    1883,
    ['client', connect(0xc2, text('meter-1'), text('meter'), text('hush'))],
    ['server', packet(0x20, [0, 0])],
    ['client', packet(0x30, text('m/1'), '21.5')],
  );
  for (let i = 0; i < 12; i++)
    scene.udp(
      MISUSED,
      device(i),
      5683,
      ['client', coap(0, 1, i, 'd', options([11, '.well-known'], [11, 'core']))],
      ['server', coap(2, 0x45, i, 'd', [0xff], '</temp>')],
    );
  for (let i = 0; i < 6; i++) scene.talk(MISUSED, device(i), part(telnet, 0, 4, 9));
}

export function attack(): Take {
  const scene = new Scene();
  modbusAttacks(scene);
  s7Attacks(scene);
  substationAttacks(scene);
  otherAttacks(scene);
  return {
    scene,
    about: {
      kind: 'attack',
      title: 'A misused desktop among controllers: units searched, programs loaded, CPUs stopped, alarms off',
      origin:
        'pc66 speaks Modbus, S7, DNP3, IEC 104, EtherNet/IP, BACnet, OPC UA, CoAP, MQTT, telnet and the Android ' +
        'debug bridge with devices of a control network; one gateway is asked from the Internet, one meter reports ' +
        'to a broker outside.',
      attacker: [MISUSED, STRANGER, device(1)],
      victims: [PLC, RTU, BUILDING, BROKER],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  for (let round = 0; round < 5; round++) {
    const turn = round * 4;
    scene.tcp(
      PANEL,
      PLC,
      502,
      ['client', read(turn, 1)],
      ['server', held(turn, 1)],
      ['client', read(turn + 1, 1)],
      ['server', held(turn + 1, 1)],
    );
    scene.talk(PANEL, PLC, part(s7comm, 0, 0, 8));
    scene.talk(PANEL, RTU, part(dnp3, 0, 2, 5));
    scene.talk(PANEL, RTU, part(iec104, 0, 0, 7));
    scene.talk(PANEL, PLC, part(enip, 0, 0, 4));
    scene.udp(
      PANEL,
      BUILDING,
      47_808,
      ['client', unicast([0x00, 5, round, 12], [0x0c], object(0, 3), [0x19, 85])],
      [
        'server',
        reply([0x30, round, 12], [0x0c], object(0, 3), [0x19, 85, 0x3e, 0x44, 0x42, 0xc8, 0, 0, 0x3f]),
      ],
    );
    scene.talk(PANEL, device(2), part(coapBook, 0, 2, 5));
    scene.wait(20);
  }
  scene.talk(PANEL, PLC, part(opcua, 1, 0, 4));
  scene.tcp(
    device(1),
    BROKER,
    1883,
    ['client', connect(0x02, text('meter-1'))],
    ['server', packet(0x20, [0, 0])],
    ['client', subscribe('site/pump/1')],
    ['server', packet(0x90, be16(1), [0])],
    ['client', packet(0x30, text('m/1'), '21.5')],
  );
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'A control network on an ordinary day: a panel reads from its controllers',
      origin:
        'A panel polls Modbus, S7, DNP3, IEC 104, EtherNet/IP and BACnet devices every twenty seconds, reads over an ' +
        'encrypted OPC UA channel and observes a CoAP sensor; a meter publishes to the house’s own broker.',
    },
  };
}
