// Events for which a rule holds, and how often that is told: the cases of `rule-match`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, times } from '../detectors.plays.ts';

const request = (w: Required<Watch>, t: number, given: Partial<FlowView> = {}): void =>
  w.event(event('http', { 'http.url': '/evil', 'http.hostname': 'www.bad.example' }, at(t), flow(given)));
const RULE = '11111111-1111-4111-8111-111111111111';
/** Rules that the cases of `rule-match` run with. */
export const CASE_RULES = {
  'a.yml': `title: Evil\nid: ${RULE}\nlogsource:\n    product: yagura\n    service: http\ndetection:\n    s:\n        http.url: /evil\n    condition: s\n`,
};
export const cases = of('rule-match', [
  { name: 'a match', raises: [RULE], play: (w) => request(w, 0) },
  {
    name: 'the same again within a minute is held back, then told',
    raises: [RULE, RULE],
    play: (w) => times(90, (i) => request(w, i)),
  },
  {
    name: 'other addresses are told apart',
    raises: [RULE, RULE, RULE],
    play: (w) => times(9, (i) => request(w, i, { src_ip: `10.1.0.${i % 3}` })),
  },
  {
    name: 'an event of another kind',
    raises: [],
    play: (w) => w.event(event('tls', { 'tls.sni': '/evil' }, at(0))),
  },
]);
