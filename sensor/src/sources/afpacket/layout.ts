// What stands where in the kernel's ring and in the structures around it: linux/if_packet.h, socket.h and if.h.
//
//   ring    ┌─────────┬─────────┬─────────┐   the kernel fills one block after the other; a block whose status has
//           │ block 0 │ block 1 │ block 2 │…  USER set is ours until we write KERNEL into it
//           └─────────┴─────────┴─────────┘
//   block   version(4) private(4) │ status(4) packets(4) first(4) length(4) number(8) times(16) │ frames …
//           0          4            8         12         16       20        24        32
//   frame   next(4) sec(4) nsec(4) snaplen(4) wire(4) status(4) mac(2) net(2) hash(4) tci(4) tpid(2) … sockaddr_ll
//           0       4      8       12         16      20        24     26     28      32     36        48
//           `next` and `mac` count from the frame's own beginning, `first` from the block's. Behind `mac` the packet.
//
// Numbers are of the machine's own byte order, which is little-endian wherever Node 24 runs Linux but on s390x.

/** struct tpacket_block_desc with its tpacket_hdr_v1. */
export const BLOCK = { status: 8, packets: 12, first: 16, length: 20, header: 48 } as const;

/** struct tpacket3_hdr, and how far the least of frames reaches: header and sockaddr_ll. */
export const FRAME = {
  next: 0,
  seconds: 4,
  nanoseconds: 8,
  captured: 12,
  wire: 16,
  status: 20,
  mac: 24,
  tci: 32,
  tpid: 36,
  header: 68,
} as const;

/** Who has a block, and what the kernel says of a frame. */
export const STATUS = { kernel: 0, user: 1, vlanValid: 1 << 4, tpidValid: 1 << 6 } as const;

/** struct tpacket_req3: seven numbers. */
export const RING_REQUEST = {
  blockBytes: 0,
  blocks: 4,
  frameBytes: 8,
  frames: 12,
  retireAfter: 16,
  length: 28,
} as const;

/** struct sockaddr_ll; the protocol is in network byte order. */
export const ADDRESS = { family: 0, protocol: 2, index: 4, length: 20 } as const;

/** struct packet_mreq. */
export const MEMBERSHIP = { index: 0, type: 4, length: 16, promiscuous: 1 } as const;

/** struct tpacket_stats_v3. `packets` counts what was dropped too. Reading sets them to zero. */
export const STATISTICS = { packets: 0, drops: 4, freezes: 8, length: 12 } as const;

/** struct sock_fprog, where pointers have 8 bytes: count of instructions, then their address. */
export const PROGRAM = { count: 0, address: 8, length: 16 } as const;

/** struct bpf_insn: code(2) jump true(1) jump false(1) constant(4). */
export const INSTRUCTION = { code: 0, ifTrue: 2, ifFalse: 3, constant: 4, length: 8 } as const;

/** struct pollfd, one after the other. */
export const POLL = { fd: 0, events: 4, returned: 6, length: 8, in: 1, error: 8 } as const;

/** struct ifreq: a name, then a number or an address; and struct ethtool_value, which that address leads to. */
export const INTERFACE_REQUEST = { name: 0, data: 16, length: 40, nameBytes: 16 } as const;
export const ETHTOOL_VALUE = { command: 0, data: 4, length: 8 } as const;

export const AF_PACKET = 17;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
/** Every protocol, in network byte order as socket addresses have it. */
export const ALL_PROTOCOLS = 0x0300;

export const SOL_SOCKET = 1;
export const SO_ERROR = 4;
export const SO_ATTACH_FILTER = 26;

export const SOL_PACKET = 263;
export const PACKET = {
  addMembership: 1,
  ring: 5,
  statistics: 6,
  version: 10,
  reserve: 12,
  fanout: 18,
  fanoutData: 22,
  ignoreOutgoing: 23,
} as const;
export const TPACKET_V3 = 2;

/** A program of ours says which socket of the group has a packet (fanout.ts). */
export const FANOUT_PROGRAM = 6;

export const PROT_READ_WRITE = 3;
export const MAP_SHARED = 1;
/** What mmap gives when it fails, as an unsigned number. */
export const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/** EFD_CLOEXEC | EFD_NONBLOCK. */
export const EVENT_FLAGS = 0o2004000;
export const SIOCETHTOOL = 0x8946;
