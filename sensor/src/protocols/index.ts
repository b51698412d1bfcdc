// The list of application protocols, and the fields of every kind of event.

import { adb } from './adb.ts';
import { anomalyFields } from './anomaly.ts';
import { arpFields } from './arp.ts';
import { bacnet } from './bacnet/bacnet.ts';
import { bittorrent } from './bittorrent/bittorrent.ts';
import { bittorrentDht } from './bittorrent/bittorrent-dht.ts';
import { cassandra } from './cassandra.ts';
import { coap } from './coap/coap.ts';
import { dcerpc } from './dcerpc/dcerpc.ts';
import { dhcp } from './dhcp/dhcp.ts';
import { dhcpv6 } from './dhcp/dhcpv6.ts';
import { dnp3 } from './dnp3/dnp3.ts';
import { dns } from './dns/dns.ts';
import { dtls } from './dtls/dtls.ts';
import { enip } from './enip/enip.ts';
import { envelope } from './envelope.ts';
import { flowFields } from './flow.ts';
import { flowBlock, tcpBlock } from './flow-block.ts';
import { ftpData } from './ftp/data.ts';
import { ftp } from './ftp/ftp.ts';
import { http } from './http/http.ts';
import { http2 } from './http2/http2.ts';
import { iec104 } from './iec104/iec104.ts';
import { ike } from './ike/ike.ts';
import { imap } from './imap.ts';
import { irc } from './irc.ts';
import { krb5 } from './krb5/krb5.ts';
import { ldap } from './ldap/ldap.ts';
import { llmnr } from './llmnr.ts';
import { mdns } from './mdns.ts';
import { memcached } from './memcached.ts';
import { modbus } from './modbus/modbus.ts';
import { mongodb } from './mongodb/mongodb.ts';
import { mqtt } from './mqtt/mqtt.ts';
import { mysql } from './mysql/mysql.ts';
import { nbns } from './nbns.ts';
import { ntp } from './ntp.ts';
import { opcua } from './opcua/opcua.ts';
import { openvpn } from './openvpn.ts';
import { pgsql } from './pgsql/pgsql.ts';
import { pop3 } from './pop3.ts';
import type { Block, Field, Protocol } from './protocol.ts';
import { quic } from './quic/quic.ts';
import { radius } from './radius/radius.ts';
import { rdp } from './rdp/rdp.ts';
import { redis } from './redis/redis.ts';
import { rfb } from './rfb.ts';
import { rlogin } from './rlogin.ts';
import { rsh } from './rsh.ts';
import { s7commPlus } from './s7comm/plus.ts';
import { s7comm } from './s7comm/s7comm.ts';
import { sip } from './sip/sip.ts';
import { smb } from './smb/smb.ts';
import { smtp } from './smtp/smtp.ts';
import { snmp } from './snmp.ts';
import { socks } from './socks/socks.ts';
import { ssdp } from './ssdp.ts';
import { ssh } from './ssh/ssh.ts';
import { stun } from './stun.ts';
import { syslog } from './syslog.ts';
import { tds } from './tds.ts';
import { telnet } from './telnet.ts';
import { tftp } from './tftp.ts';
import { tls } from './tls/tls.ts';
import { websocket } from './websocket/websocket.ts';
import { wireguard } from './wireguard.ts';

export const protocols = [
  dns,
  tls,
  dtls,
  adb,
  quic,
  http,
  ldap,
  modbus,
  http2,
  krb5,
  mqtt,
  ssh,
  smtp,
  ftp,
  ftpData,
  pop3,
  imap,
  telnet,
  rlogin,
  rsh,
  irc,
  socks,
  tftp,
  sip,
  websocket,
  mdns,
  llmnr,
  nbns,
  mysql,
  pgsql,
  redis,
  dnp3,
  dcerpc,
  s7comm,
  s7commPlus,
  ntp,
  dhcp,
  dhcpv6,
  radius,
  stun,
  wireguard,
  openvpn,
  snmp,
  enip,
  iec104,
  smb,
  bacnet,
  tds,
  memcached,
  ike,
  bittorrent,
  bittorrentDht,
  opcua,
  mongodb,
  cassandra,
  coap,
  rdp,
  rfb,
  ssdp,
  syslog,
] as const satisfies readonly Protocol[];

/** Fields of every event type, without the envelope's. */
export const recordFields: Readonly<Record<string, readonly Field[]>> = {
  flow: flowFields,
  flow_update: flowFields,
  anomaly: anomalyFields,
  arp: arpFields,
  ...Object.fromEntries(
    (protocols as readonly Protocol[]).map((p): [string, readonly Field[]] => [p.record ?? p.name, p.fields]),
  ),
};

/** Event type → all its fields, the envelope's first. What `Event.fields` carries. */
export const eventFields: Readonly<Record<string, readonly Field[]>> = Object.fromEntries(
  Object.entries(recordFields).map(([type, fields]) => [type, [...envelope, ...fields]]),
);

/** All types of events; one that happens by the million is known by its place here. */
export const eventTypes: readonly string[] = Object.keys(eventFields);

/** Quicker ways to write several fields of a type of event at once. */
export const blocksOf = (type: string): readonly Block[] => {
  if (type === 'flow' || type === 'flow_update') return [flowBlock, tcpBlock];
  const block = (protocols as readonly Protocol[]).find((p) => (p.record ?? p.name) === type)?.block;
  return block === undefined ? [] : [block];
};
