// The rules of some folders, and those that the detectors hold, as people are told of them.

import type { Detector } from '../detectors/detector.ts';
import { detectors } from '../detectors/index.ts';
import type { SensorError } from '../errors.ts';
import { type Described, describeRules } from '../rules/describe.ts';
import { loadRules, words } from '../rules/index.ts';

const classOf = (path: string) => words.words.get(path)?.class ?? 'content';

/** What detectors raise alerts as. Why they do is said with each alert. */
function behaviours(): Described[] {
  return (detectors as readonly Detector[]).flatMap(({ name, about, raises, looksAt }) =>
    raises.map((identity) => ({
      identity,
      place: `detector ${name}`,
      about,
      reason: { en: '', ja: '' },
      falsePositives: [],
      captures: { fires: [], silent: [] },
      types: Object.keys(looksAt),
      reads: Object.values(looksAt)
        .flatMap((fields) => (fields === 'whole' ? [] : fields))
        .map((field) => field.replaceAll('[]', ''))
        .map((path) => ({ path, class: classOf(path) })),
      counts: [],
      isSilent: false,
      foundBy: undefined,
    })),
  );
}

/** @throws SensorError file_unreadable */
export function describedIn(
  paths: readonly string[],
  withBehaviours: boolean,
): { readonly all: readonly Described[]; readonly problems: readonly SensorError[] } {
  const set = loadRules(paths);
  const all = [...describeRules(set, classOf), ...(withBehaviours ? behaviours() : [])];
  return { all, problems: set.problems };
}
