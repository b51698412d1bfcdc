// A rule's options read in their order: what each says goes into the draft, and the whole is checked at the end.
import { hint } from '../fields.ts';
import type { Datasets } from './datasets.ts';
import { Draft, type Keyword } from './draft.ts';
import { invalid, RuleFault, unsupported } from './fault.ts';
import { checkContents, contentKeywords, oldModifier } from './keywords-content.ts';
import { fieldKeywords } from './keywords-fields.ts';
import { flowKeywords } from './keywords-flow.ts';
import { metaKeywords } from './keywords-meta.ts';
import { packetKeywords } from './keywords-packet.ts';
import type { Settings } from './settings.ts';
import { type Option, parseSignature } from './signature.ts';
import { parseTransform } from './transforms.ts';
import { bufferOf, bufferWords, isBuffer, refusal, refusedWords } from './vocabulary.ts';

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({
    ...metaKeywords,
    ...contentKeywords,
    ...flowKeywords,
    ...packetKeywords,
    ...fieldKeywords,
  }),
);
const ACTIONS = ['alert', 'drop', 'pass', 'reject', 'rejectsrc', 'rejectdst', 'rejectboth'];
const FOREIGN = ['config', 'accept'];

/** Every word that may stand as an option, for suggestions. */
function* allWords(): Generator<string> {
  yield* KEYWORDS.keys();
  yield* bufferWords();
  yield* refusedWords();
}

/** Numbers that byte_* options give a name to: later options may count with them. */
function nameOfNumber({ name, value = '' }: Option): string | undefined {
  const words = value.split(',').map((word) => word.trim());
  if (name === 'byte_extract') return words[2];
  if (name === 'byte_math' || name === 'entropy')
    return words.map((word) => /^result\s+(\S+)$/.exec(word)?.[1]).find((word) => word !== undefined);
  return undefined;
}

/** @throws RuleFault when no Suricata would take it; what cannot be answered here is the draft's `refused` */
export function readDraft(text: string, settings: Settings, datasets: Datasets): Draft {
  const signature = parseSignature(text);
  const draft = new Draft(signature, settings, datasets);
  const { action, hook } = signature;
  if (FOREIGN.includes(action))
    draft.refuse(unsupported(action, `the action "${action}" steers an engine that we are not`, 0));
  else if (!ACTIONS.includes(action))
    throw invalid(action, `there is no action "${action}"${hint(action, ACTIONS)}`, 0);
  if (hook !== undefined)
    draft.refuse(unsupported('hook', `":${hook}" looks into the middle of a transaction`, 0));
  for (const option of signature.options) readOption(draft, option);
  checkContents(draft);
  if (draft.sid === 0) throw invalid('sid', '"sid" is missing', text.length);
  return draft;
}

function readOption(draft: Draft, option: Option): void {
  const { name, value, at } = option;
  const named = nameOfNumber(option);
  if (named !== undefined) draft.variables.add(named);
  if (value !== undefined || !isBuffer(name) || draft.last === undefined) {
    const keyword = KEYWORDS.get(name);
    if (keyword !== undefined) return guarded(draft, () => keyword(draft, option));
  }
  if (value === undefined && isOld(draft, option)) return;
  if (value === undefined && isBuffer(name)) return openBuffer(draft, option);
  const keyword = KEYWORDS.get(name);
  if (keyword !== undefined) return guarded(draft, () => keyword(draft, option));
  if (transformed(draft, option)) return;
  const why = refusal(name) ?? (isBuffer(name) ? bufferOf(name).why : undefined);
  if (why === undefined) throw invalid(name, `there is no option "${name}"${hint(name, allWords())}`, at);
  draft.refuse(unsupported(name, why, at));
}

/** What is refused is remembered, and the rest of the rule is read for faults all the same. */
function guarded(draft: Draft, act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (!(fault instanceof RuleFault) || fault.kind === 'invalid') throw fault;
    draft.refuse(fault);
  }
}

/** Old words stand behind the content that they speak of, when no sticky buffer is open. */
const isOld = (draft: Draft, option: Option): boolean =>
  draft.group === draft.payload && draft.last !== undefined && oldModifier(draft, option);

function openBuffer(draft: Draft, { name, at }: Option): void {
  const found = bufferOf(name);
  if (found.places === undefined) draft.refuse(unsupported(found.name, found.why, at));
  draft.open(found.name, found.places, found.isLower, at);
  draft.last = undefined;
}

function transformed(draft: Draft, option: Option): boolean {
  let isDone = true;
  guarded(draft, () => {
    const transform = parseTransform(option);
    if (transform === undefined) {
      isDone = false;
      return;
    }
    const { group } = draft;
    if (group === draft.payload)
      throw invalid(option.name, `"${option.name}" needs a sticky buffer before it`, option.at);
    if (group.items.length === 0) group.transforms.push(transform);
    else {
      // Behind contents it is about another look at the same buffer.
      const next = draft.open(group.name, group.places, group.isLower, option.at);
      next.transforms = [...group.transforms, transform];
      draft.last = undefined;
    }
  });
  return isDone;
}
