// Options that say what a rule is called, how grave it is, and what becomes of a match.
import { parseWhole } from './bounds.ts';
import type { Keyword } from './draft.ts';
import { invalid } from './fault.ts';
import { quoted } from './signature.ts';
import { parseDetectionFilter, parseThreshold } from './thresholds.ts';

const MAX_ID = 4_294_967_295;
const nothing: Keyword = () => {};

/** Without a value. */
const plain =
  (act: Keyword): Keyword =>
  (draft, option) => {
    if (option.value !== undefined)
      throw invalid(option.name, `"${option.name}" takes no value`, option.valueAt);
    act(draft, option);
  };

export const metaKeywords: Readonly<Record<string, Keyword>> = {
  msg(draft, option) {
    draft.once(option);
    draft.msg = quoted(option).replace(/\\([";:\\])/g, '$1');
  },
  sid(draft, option) {
    draft.once(option);
    draft.sid = parseWhole(option, 1, MAX_ID, (option.value ?? '').replaceAll('"', ''));
  },
  gid(draft, option) {
    draft.once(option);
    draft.gid = parseWhole(option, 1, MAX_ID);
  },
  rev(draft, option) {
    draft.once(option);
    draft.rev = parseWhole(option, 0, MAX_ID);
  },
  classtype(draft, option) {
    draft.once(option);
    const name = option.value ?? '';
    if (name === '') throw invalid('classtype', 'the name of a class is missing', option.valueAt);
    const found = draft.settings.classifications.get(name.toLowerCase());
    // One that no file names is grave as one without a class, as Suricata has it.
    draft.classification = found ?? { name, about: '', priority: 3 };
  },
  priority(draft, option) {
    draft.once(option);
    draft.priority = parseWhole(option, 1, 255);
  },
  reference(draft, option) {
    const value = option.value ?? '';
    if (!/^[^,]+,.+$/s.test(value))
      throw invalid('reference', 'a kind, a comma, and where to read', option.valueAt);
    draft.references.push(value);
  },
  metadata(draft, option) {
    for (const part of (option.value ?? '').split(',')) {
      const [key, ...words] = part.trim().split(/\s+/);
      if (key !== '') draft.metadata.push([key, words.join(' ')]);
    }
  },
  target(draft, option) {
    draft.once(option);
    if (option.value !== 'src_ip' && option.value !== 'dest_ip')
      throw invalid('target', '"target" is src_ip or dest_ip', option.valueAt);
    draft.target = option.value;
  },
  noalert: plain((draft) => {
    draft.noalert = true;
  }),
  alert: plain((draft) => {
    draft.noalert = false;
  }),
  threshold(draft, option) {
    if (draft.threshold !== undefined)
      throw invalid('threshold', 'one "threshold" or "detection_filter" a rule', option.at);
    draft.threshold = parseThreshold(option);
  },
  detection_filter(draft, option) {
    if (draft.threshold !== undefined)
      throw invalid('detection_filter', 'one "threshold" or "detection_filter" a rule', option.at);
    draft.threshold = parseDetectionFilter(option);
  },
  // How another engine would find the rule quicker, or what it should keep or do beside the alert.
  prefilter: plain(nothing),
  tag: nothing,
  bypass: plain(nothing),
  requires: nothing,
  replace: nothing,
  logto: nothing,
  'priority-string': nothing,
};
