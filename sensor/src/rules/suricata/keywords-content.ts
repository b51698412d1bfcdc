// Options that say what is looked for in a buffer: contents and where they stand, expressions, sizes, transformations.

import { parseBounds, parseWhole } from './bounds.ts';
import { BUFFERS } from './buffers.ts';
import { type Content, isRelative, parseContent } from './content.ts';
import type { Draft, Group, Keyword } from './draft.ts';
import { invalid, unsupported } from './fault.ts';
import { parsePcre } from './pcre.ts';
import type { Option } from './signature.ts';
import { bufferOf } from './vocabulary.ts';

const MAX_PLACE = 1_048_576;

/** The content that a modifier speaks of. */
function before(draft: Draft, { name, at }: Option): Content {
  if (draft.last === undefined) throw invalid(name, `"${name}" needs a content before it`, at);
  return draft.last.item;
}

/** A number, or the name that a byte_* option gave to one. */
function placeOf(draft: Draft, option: Option, least: number): number {
  const { name, value = '', valueAt } = option;
  if (/^[-+]?\d+$/.test(value)) return parseWhole(option, least, MAX_PLACE, value.replace('+', ''));
  if (!draft.variables.has(value))
    throw invalid(name, `"${value}" is no number, and no byte_* option names it`, valueAt);
  draft.refuse(unsupported(name, `"${name}:${value}" counts with a number read from payload`, option.at));
  return 0;
}

function conflict(item: Content, option: Option): void {
  const isAbsolute = item.offset !== undefined || item.depth !== undefined || item.startswith;
  const isNear = item.distance !== undefined || item.within !== undefined;
  if (isAbsolute && isNear)
    throw invalid(option.name, 'depth, offset and startswith do not go with distance and within', option.at);
}

const modifier =
  (act: (item: Content, draft: Draft, option: Option) => void): Keyword =>
  (draft, option) => {
    const item = before(draft, option);
    act(item, draft, option);
    conflict(item, option);
  };

const noValue = (option: Option): void => {
  if (option.value !== undefined)
    throw invalid(option.name, `"${option.name}" takes no value`, option.valueAt);
};

/** Takes the last content out of its group into the buffer that an old rule names behind it. */
function move(draft: Draft, item: Content | undefined, name: string, option: Option): void {
  if (item === undefined || draft.last === undefined)
    throw invalid(option.name, `"${option.name}" needs a content before it`, option.at);
  const { group } = draft.last;
  if (group !== draft.payload)
    throw invalid(
      option.name,
      `"${option.name}" stands behind a sticky buffer: write the buffer first`,
      option.at,
    );
  group.items.splice(group.items.indexOf(item), 1);
  const into = groupOf(draft, name, option);
  into.items.push(item);
  draft.last = { item, group: into };
}

function groupOf(draft: Draft, name: string, option: Option): Group {
  const found = bufferOf(name);
  if (found.places === undefined) draft.refuse(unsupported(found.name, found.why, option.at));
  return draft.shared(found.name, found.places, found.isLower, option.at);
}

/** Old words behind a content. */
const OLD: Readonly<Record<string, string>> = {
  http_method: 'http.method',
  http_uri: 'http.uri',
  http_raw_uri: 'http.uri.raw',
  http_user_agent: 'http.user_agent',
  http_host: 'http.host',
  http_raw_host: 'http.host.raw',
  http_stat_code: 'http.stat_code',
  http_stat_msg: 'http.stat_msg',
  http_cookie: 'http.cookie',
  http_header: 'http.header',
  http_raw_header: 'http.header.raw',
  http_client_body: 'http.request_body',
  http_server_body: 'http.response_body',
};

export const contentKeywords: Readonly<Record<string, Keyword>> = {
  content(draft, option) {
    const item = parseContent(option);
    draft.group.items.push(item);
    draft.last = { item, group: draft.group };
  },
  uricontent(draft, option) {
    const item = parseContent(option);
    const group = groupOf(draft, 'http.uri', option);
    group.items.push(item);
    draft.last = { item, group };
  },
  nocase(draft, option) {
    noValue(option);
    before(draft, option).nocase = true;
  },
  depth: modifier((item, draft, option) => {
    if (item.depth !== undefined) throw invalid('depth', 'a second "depth" of one content', option.at);
    item.depth = placeOf(draft, option, 0);
  }),
  offset: modifier((item, draft, option) => {
    if (item.offset !== undefined) throw invalid('offset', 'a second "offset" of one content', option.at);
    item.offset = placeOf(draft, option, 0);
  }),
  distance: modifier((item, draft, option) => {
    if (item.distance !== undefined)
      throw invalid('distance', 'a second "distance" of one content', option.at);
    item.distance = placeOf(draft, option, -MAX_PLACE);
  }),
  within: modifier((item, draft, option) => {
    if (item.within !== undefined) throw invalid('within', 'a second "within" of one content', option.at);
    item.within = placeOf(draft, option, -MAX_PLACE);
  }),
  startswith: modifier((item, _, option) => {
    noValue(option);
    if (item.offset !== undefined || item.depth !== undefined)
      throw invalid('startswith', '"startswith" does not go with depth and offset', option.at);
    item.startswith = true;
  }),
  endswith(draft, option) {
    noValue(option);
    before(draft, option).endswith = true;
  },
  rawbytes(draft, option) {
    before(draft, option);
  },
  fast_pattern(draft, option) {
    const item = before(draft, option);
    if (option.value === 'only') item.fastOnly = true;
    else if (option.value !== undefined && !/^\d+,\d+$/.test(option.value.replaceAll(' ', '')))
      throw invalid('fast_pattern', '"only", or an offset and a length', option.valueAt);
  },
  pcre(draft, option) {
    let found: ReturnType<typeof parsePcre>;
    try {
      found = parsePcre(option, draft.settings.expressions);
    } catch (fault) {
      if (!(fault instanceof Error) || !('kind' in fault) || fault.kind !== 'unsupported') throw fault;
      draft.refuse(fault as never);
      // Its place is kept: what else is said of the buffer is still read.
      draft.group.items.push({ kind: 'bsize', bounds: () => true });
      return;
    }
    if (found.captures)
      draft.refuse(unsupported('pcre', 'the expression keeps what it captures in a variable', option.at));
    const group =
      found.buffer === undefined || draft.group.name === found.buffer
        ? draft.group
        : groupOf(draft, found.buffer, option);
    const { negated, relative, search } = found;
    group.items.push({ kind: 'pcre', negated, relative, search, at: option.at });
  },
  isdataat(draft, option) {
    const words = (option.value ?? '').split(',').map((word) => word.trim());
    const negated = words[0].startsWith('!');
    const text = negated ? words[0].slice(1).trim() : words[0];
    const rest = words.slice(1);
    if (rest.some((word) => word !== 'relative' && word !== 'rawbytes'))
      throw invalid('isdataat', '"relative" or "rawbytes" behind the number', option.valueAt);
    const count = placeOf(draft, { ...option, value: text }, 0);
    draft.group.items.push({ kind: 'isdataat', negated, relative: rest.includes('relative'), count });
  },
  bsize(draft, option) {
    if (draft.group === draft.payload)
      throw invalid('bsize', '"bsize" needs a sticky buffer before it', option.at);
    draft.group.items.push({ kind: 'bsize', bounds: parseBounds(option) });
  },
  urilen(draft, option) {
    const words = (option.value ?? '').split(',').map((word) => word.trim());
    if (words.length > 2 || (words.length === 2 && words[1] !== 'norm' && words[1] !== 'raw'))
      throw invalid('urilen', 'a length, and "norm" or "raw" behind it', option.valueAt);
    const bounds = parseBounds(option, undefined, words[0]);
    groupOf(draft, words[1] === 'norm' ? 'http.uri' : 'http.uri.raw', option).items.push({
      kind: 'bsize',
      bounds,
    });
  },
  absent(draft, option) {
    if (draft.group === draft.payload)
      throw invalid('absent', '"absent" needs a sticky buffer before it', option.at);
    if (option.value !== undefined && option.value !== 'or_else')
      throw invalid('absent', 'nothing, or "or_else"', option.valueAt);
    draft.group.absent = option.value === 'or_else' ? 'or_else' : 'only';
  },
  pkt_data(draft, option) {
    noValue(option);
    draft.close();
    draft.group = draft.payload;
    draft.last = undefined;
  },
};

/** Words that are a sticky buffer, or stand behind a content as old rules have it. */
export function oldModifier(draft: Draft, option: Option): boolean {
  const name = OLD[option.name];
  if (name === undefined) return false;
  move(draft, draft.last?.item, name, option);
  return true;
}

/** What only the whole rule shows to be wrong. @throws RuleFault */
export function checkContents(draft: Draft): void {
  draft.close();
  for (const group of [draft.payload, ...draft.groups])
    for (const item of group.items) {
      if (item.kind !== 'content') continue;
      if (item.fastOnly && (isRelative(item) || item.offset !== undefined || item.depth !== undefined))
        throw invalid('fast_pattern', '"fast_pattern:only" does not go with a place', item.at);
      const { depth, within, bytes } = item;
      if (depth !== undefined && depth > 0 && depth < bytes.length)
        throw invalid(
          'depth',
          `a content of ${bytes.length} bytes does not fit into a depth of ${depth}`,
          item.at,
        );
      if (within !== undefined && within > 0 && within < bytes.length)
        throw invalid('within', `a content of ${bytes.length} bytes does not fit within ${within}`, item.at);
      if (!group.isLower) continue;
      if (item.nocase)
        throw invalid('nocase', `"${group.name}" is in lower case: "nocase" says nothing`, item.at);
      if (/[A-Z]/.test(bytes)) throw invalid('content', `"${group.name}" is in lower case`, item.at);
    }
  checkSize(draft);
}

/** What must be there at least, against the size that the packet may have. */
function checkSize({ payload, dsize }: Draft): void {
  if (dsize === undefined) return;
  let end = 0;
  let needed = 0;
  for (const item of payload.items) {
    if (item.kind !== 'content' || item.negated) continue;
    const from = isRelative(item) ? end + Math.max(0, item.distance ?? 0) : (item.offset ?? 0);
    end = from + item.bytes.length;
    needed = Math.max(needed, end);
  }
  if (needed > dsize.most)
    throw invalid('dsize', `contents of ${needed} bytes do not fit into a payload of ${dsize.most}`, 0);
}

export const BUFFER_NAMES = new Set(BUFFERS.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
