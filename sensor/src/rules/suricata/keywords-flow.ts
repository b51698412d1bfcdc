// Options about the flow and about what is remembered: direction, bits, reputations, sets, events of the engine.
import { ODDITY_NAMES } from '../../layers/oddities.ts';
import { protocols } from '../../protocols/index.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import { hint } from '../fields.ts';
import { parseWhole } from './bounds.ts';
import { BOTH, type Place } from './buffers.ts';
import { parseDataset, useDataset } from './datasets.ts';
import type { Draft, Keyword } from './draft.ts';
import { invalid, unsupported } from './fault.ts';
import type { Option } from './signature.ts';
import { parseBits, parseFlowbits, parseFlowint, type StateRule } from './state.ts';

const TO_SERVER = 1;
const TO_CLIENT = 2;

const FLOW_WORDS: Readonly<Record<string, (draft: Draft, option: Option) => void>> = {
  to_server: (draft, option) => way(draft, TO_SERVER, option),
  from_client: (draft, option) => way(draft, TO_SERVER, option),
  to_client: (draft, option) => way(draft, TO_CLIENT, option),
  from_server: (draft, option) => way(draft, TO_CLIENT, option),
  established: (draft, option) => established(draft, true, option),
  not_established: (draft, option) => established(draft, false, option),
  stateless(draft, option) {
    if (draft.flow.established !== undefined)
      throw invalid('flow', '"stateless" does not go with "established"', option.valueAt);
    draft.flow.isStateless = true;
  },
  only_stream: () => {},
  no_stream: () => {},
  only_frag: (draft, option) =>
    draft.refuse(
      unsupported('flow', '"only_frag": fragments are looked at when their packet is whole', option.at),
    ),
  no_frag: () => {},
};

function way(draft: Draft, side: number, option: Option): void {
  if (draft.flow.sides !== 3) throw invalid('flow', 'two directions at once', option.valueAt);
  draft.flow.sides = side;
}
function established(draft: Draft, is: boolean, option: Option): void {
  if (draft.flow.established !== undefined || draft.flow.isStateless)
    throw invalid('flow', 'a state is said twice', option.valueAt);
  draft.flow.established = is;
}

const state =
  (parse: (option: Option) => StateRule): Keyword =>
  (draft, option) => {
    const rule = parse(option);
    if (rule.noalert === true) draft.noalert = true;
    else draft.states.push(rule);
  };

/** `iprep:src,CnC,>,30`. */
function iprep(draft: Draft, option: Option): void {
  const [which, category, verb, value] = (option.value ?? '').split(',').map((word) => word.trim());
  if (which !== 'src' && which !== 'dst' && which !== 'any' && which !== 'both')
    throw invalid('iprep', 'src, dst, any or both', option.valueAt);
  const { reputation } = draft.settings;
  const n = reputation.categories.get((category ?? '').toLowerCase());
  if (n === undefined) {
    const known = [...reputation.categories.keys()];
    if (known.length === 0) {
      draft.refuse(
        unsupported('iprep', 'no "categories.txt" with categories lies beside the rules', option.at),
      );
      return;
    }
    throw invalid(
      'iprep',
      `there is no category "${category}"${hint(category ?? '', known)}`,
      option.valueAt,
    );
  }
  if (verb === 'isset' || verb === 'isnotset') {
    const wanted = verb === 'isset';
    const ask = (words: Uint32Array, version: number): boolean =>
      reputation.score(n, version, words) > 0 === wanted;
    draft.addressTests.push({ which, ask });
    return;
  }
  const bound = parseWhole(option, 0, 127, value);
  const compare = COMPARE[verb];
  if (compare === undefined) throw invalid('iprep', `"${verb}" is no comparison`, option.valueAt);
  draft.addressTests.push({
    which,
    // Whoever has no score is not judged.
    ask: (words, version) => {
      const score = reputation.score(n, version, words);
      return score > 0 && compare(score, bound);
    },
  });
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

function dataset(draft: Draft, option: Option): void {
  if (draft.group === draft.payload)
    throw invalid(option.name, `"${option.name}" needs a sticky buffer before it`, option.at);
  const use = parseDataset(option, draft.datasets, draft.settings.files);
  draft.asksChanging = true;
  draft.group.items.push({ kind: 'member', ask: (text) => useDataset(use, text) });
}

/** `ip.src; dataset:…`: an address as a buffer. */
const ADDRESS_BUFFERS: Readonly<Record<string, Place>> = {
  'ip.src': { type: '*', path: 'src_ip', sides: BOTH },
  'ip.dst': { type: '*', path: 'dest_ip', sides: BOTH },
};

/** What Suricata calls a protocol's event and we call otherwise, or tell as a fact. */
const EVENTS: Readonly<Record<string, string>> = {
  'ikev2.weak_crypto_enc': 'ike.weak_crypto_enc',
  'ikev2.weak_crypto_prf': 'ike.weak_crypto_prf',
  'ikev2.weak_crypto_auth': 'ike.weak_crypto_auth',
  'ikev2.weak_crypto_dh': 'ike.weak_crypto_dh',
  'ikev2.weak_crypto_no_dh': 'ike.weak_crypto_no_dh',
  'ikev2.weak_crypto_no_auth': 'ike.weak_crypto_no_auth',
  'ikev2.malformed_data': 'ike.malformed_data',
  'dns.malformed_data': 'dns.malformed_message',
  'dns.malformed_query_data': 'dns.malformed_message',
  'tls.invalid_certificate': 'tls.invalid_certificate',
  'tls.certificate_invalid_der': 'tls.invalid_certificate',
  'tls.invalid_handshake_message': 'tls.invalid_handshake',
  'tls.invalid_record_type': 'tls.invalid_record',
  'http.request_field_missing_colon': 'http.invalid_request',
};

const anomalies = new Set(
  (protocols as readonly Protocol[]).flatMap((protocol) =>
    Object.keys(protocol.anomalies).map((name) => `${protocol.name}.${name}`),
  ),
);
const odd = new Set<string>(ODDITY_NAMES);

function event(draft: Draft, option: Option): void {
  const { name, value = '', at, valueAt } = option;
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(value))
    throw invalid(name, 'the name of an event is missing', valueAt);
  if (value === 'dns.z_flag_set') {
    draft.fieldTests.push({
      name,
      places: [{ type: 'dns', path: 'dns.z', sides: BOTH }],
      holds: (flag) => flag === true,
    });
    return;
  }
  const ours = name === 'app-layer-event' ? (EVENTS[value] ?? value) : `decoder.${value}`;
  if (name === 'app-layer-event' ? anomalies.has(ours) : odd.has(ours)) draft.anomalies.push(ours);
  else draft.refuse(unsupported(name, `"${value}" is no event that is told here`, at));
}

export const flowKeywords: Readonly<Record<string, Keyword>> = {
  flow(draft, option) {
    draft.once(option);
    draft.flowSaid = true;
    const words = (option.value ?? '').split(',').map((word) => word.trim().toLowerCase());
    for (const word of words) {
      const act = FLOW_WORDS[word];
      if (act === undefined)
        throw invalid(
          'flow',
          `"${word}" means nothing here${hint(word, Object.keys(FLOW_WORDS))}`,
          option.valueAt,
        );
      act(draft, option);
    }
  },
  flowbits: state(parseFlowbits),
  flowint: state(parseFlowint),
  xbits: state(parseBits),
  hostbits: state(parseBits),
  iprep,
  dataset,
  datarep: dataset,
  'ip.src': address,
  'ip.dst': address,
  'app-layer-event': event,
  'decode-event': event,
  'engine-event': event,
  'stream-event'(draft, option) {
    draft.refuse(
      unsupported('stream-event', `"${option.value}": what is odd about streams is not told here`, option.at),
    );
  },
  'app-layer-protocol'(draft, option) {
    draft.once(option);
    const words = (option.value ?? '').split(',').map((word) => word.trim());
    const negated = words[0].startsWith('!');
    const name = negated ? words[0].slice(1) : words[0];
    if (words.length > 1) draft.refuse(unsupported(option.name, 'a mode behind the protocol', option.at));
    draft.appProtocol = { name, negated };
  },
};

function address(draft: Draft, option: Option): void {
  draft.open(option.name, [ADDRESS_BUFFERS[option.name]], false, option.at);
}
