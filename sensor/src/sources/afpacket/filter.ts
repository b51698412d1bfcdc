// Programs that run in the kernel for each packet: how much of it is kept, if anything (classic BPF).
import type Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { SensorError } from '../../errors.ts';
import { LINK } from '../source.ts';
import { INSTRUCTION, PROGRAM } from './layout.ts';

/** BPF_RET | BPF_K. */
const RETURN = 0x06;
/** The kernel takes no longer program (BPF_MAXINSNS). */
const MAX_INSTRUCTIONS = 4096;
const ERROR_BYTES = 256;
/** What pcap_compile assumes of a network whose mask it does not know. */
const NETMASK_UNKNOWN = 0xffff_ffff;
/** As Debian calls it, and as others do. */
const LIBRARIES = ['libpcap.so.0.8', 'libpcap.so.1', 'libpcap.so'];
/** libpcap's own numbers, where they are not those of files. */
const DLT_RAW = 12;

/** Keeps so many bytes of every packet; of 0, no packet. */
export function keep(bytes: number): Uint8Array {
  const program = new Uint8Array(INSTRUCTION.length);
  const view = new DataView(program.buffer);
  view.setUint16(INSTRUCTION.code, RETURN, true);
  view.setUint32(INSTRUCTION.constant, bytes, true);
  return program;
}

function loadLibrary(koffi: typeof Koffi): LibraryHandle {
  for (const name of LIBRARIES) {
    try {
      return koffi.load(name);
    } catch {
      // The next name, or the error below.
    }
  }
  throw new SensorError('filter_without_libpcap', 'filters are compiled by libpcap, which is not installed');
}

export interface FilterPlace {
  readonly snapLength: number;
  readonly link: number;
  /** An interface that is up: where the kernel keeps VLAN tags beside the packet, the program looks there. */
  readonly name?: string;
}

/**
 * Compiles a filter as tcpdump has it; the program keeps `snapLength` bytes of what it lets in.
 * @throws SensorError filter_invalid, filter_without_libpcap
 */
export function compile(koffi: typeof Koffi, text: string, place: FilterPlace): Uint8Array {
  const library = loadLibrary(koffi);
  const close = library.func('void pcap_close(void *handle)');
  const geterr = library.func('const char *pcap_geterr(void *handle)');
  const compileText = library.func(
    'int pcap_compile(void *handle, void *program, const char *text, int optimise, uint32_t mask)',
  );
  const freecode = library.func('void pcap_freecode(void *program)');
  const handle = openHandle(library, place);
  try {
    const program = new Uint8Array(PROGRAM.length);
    if (compileText(handle, program, text, 1, NETMASK_UNKNOWN) !== 0)
      throw new SensorError('filter_invalid', `filter "${text}": ${geterr(handle)}`);
    const view = new DataView(program.buffer);
    const count = view.getUint32(PROGRAM.count, true);
    const bytes = count * INSTRUCTION.length;
    const instructions = new Uint8Array(bytes);
    if (count > 0 && count <= MAX_INSTRUCTIONS) {
      const lent = koffi.view(view.getBigUint64(PROGRAM.address, true), bytes);
      instructions.set(new Uint8Array(lent));
      lent.transfer(0);
    }
    freecode(program);
    if (count === 0 || count > MAX_INSTRUCTIONS)
      throw new SensorError('filter_invalid', `filter "${text}": makes ${count} instructions`);
    return instructions;
  } finally {
    close(handle);
  }
}

/** A handle on the interface, which listens to nothing yet; where it has none, one that knows the link type alone. */
function openHandle(library: LibraryHandle, { snapLength, link, name }: FilterPlace): bigint {
  if (name !== undefined) {
    const handle = library.func('void *pcap_create(const char *name, void *error)')(
      name,
      new Uint8Array(ERROR_BYTES),
    );
    if (handle) {
      library.func('int pcap_set_snaplen(void *handle, int bytes)')(handle, snapLength);
      if (library.func('int pcap_activate(void *handle)')(handle) >= 0) return handle;
      library.func('void pcap_close(void *handle)')(handle);
    }
  }
  const type = link === LINK.raw ? DLT_RAW : link;
  return library.func('void *pcap_open_dead(int link, int bytes)')(type, snapLength);
}
