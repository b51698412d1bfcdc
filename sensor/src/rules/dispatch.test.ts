// The short way to the rules that could hold finds what showing the event to every rule finds, each once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, event, rulesOf, show } from '../../../test/support/stage.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const item = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('dns.queries.rrtype', 'dns.rcode', 'dns.answers.rdata'),
      fc.array(word, { minLength: 1, maxLength: 3 }),
    )
    .map(([field, list]) => `${field}: [${list.join()}]`),
  word.map((w) => `dns.queries.rrname|contains: ${w}`),
  word.map((w) => `dns.rcode|neq: ${w}`),
  fc.constant('dns.answers.rdata: null'),
);
const selection = fc.uniqueArray(item, {
  minLength: 1,
  maxLength: 2,
  selector: (line) => line.split(':')[0],
});
const condition = fc.constantFrom(
  's0 and s1',
  's0 or s1',
  's0 and not s1',
  'not s0',
  '1 of them',
  'all of them',
  's1',
);
const rule = fc
  .tuple(selection, selection, condition)
  .map(
    ([s0, s1, c]) =>
      `detection:\n    s0:\n        ${s0.join('\n        ')}\n    s1:\n        ${s1.join('\n        ')}\n    condition: ${c}\n`,
  );
const list = fc.array(word, { maxLength: 3 });

test('agrees with a plain loop over all rules', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 6 }),
      // Rules move from test to test as events come.
      fc.array(
        fc.tuple(list, list, fc.option(word, { nil: undefined }), fc.option(list, { nil: undefined })),
        { minLength: 1, maxLength: 8 },
      ),
      (bodies, events) => {
        const texts = bodies.map((body, i) => [
          `${i}.yml`,
          `title: R${i}\nlogsource:\n    product: yagura\n    service: dns\n${body}`,
        ]);
        const set = rulesOf(Object.fromEntries(texts));
        expect(set.problems).toEqual([]);
        for (const [types, names, rcode, rdata] of events) {
          const happened = event(
            'dns',
            {
              'dns.queries.rrtype': types,
              'dns.queries.rrname': names,
              'dns.rcode': rcode,
              'dns.answers.rdata': rdata,
            },
            at(0),
          );
          const found: string[] = [];
          show(set, happened, (hit) => found.push(hit.identity.name));
          const plain = set.rules.filter(({ test: t }) => t.holds()).map(({ identity }) => identity.name);
          expect(found).toEqual(plain);
        }
      },
    ),
    { numRuns: 300 },
  );
});
