// Both languages say as much: the compiler holds the keys, this holds the values that are put into the sentences.
import { expect, it } from 'vitest';
import { en } from './en.ts';
import { ja } from './ja.ts';

type Tree = { readonly [key: string]: string | Tree };

/** Key → names of the values its sentence takes, sorted. */
function slots(tree: Tree, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [
            [
              `${path}${name}`,
              [...value.matchAll(/\{\{(\w+)\}\}/g)]
                .map(([, slot]) => slot)
                .sort()
                .join(),
            ],
          ]
        : Object.entries(slots(value, `${path}${name}.`)),
    ),
  );
}

it('puts the same values into the same sentences', () => {
  expect(slots(ja)).toEqual(slots(en));
});

it('leaves no Japanese sentence in English, but for names', () => {
  const same = Object.keys(slots(en)).filter((key) => {
    const at = (tree: Tree): unknown =>
      key.split('.').reduce<unknown>((node, step) => (node as Tree)[step], tree);
    return at(ja) === at(en);
  });
  expect(same).toEqual(['group.community_id', 'sensors.blind_span']);
});
