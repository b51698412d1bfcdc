// The curves as a page: for each way of hiding, how far an attack may go and is still told.
import { code, table } from '../../docs/markdown.ts';
import { edgeOf, type Limit } from './limits.ts';

const shareAt = ({ attack, told }: Limit, value: number | undefined): string =>
  `${Math.round(100 * (told[attack.values.indexOf(value ?? Number.NaN)] ?? 0))} %`;

/** The first value behind the edge; undefined when all that was tried was told. */
const behind = (limit: Limit): number | undefined => {
  const { values } = limit.attack;
  const edge = edgeOf(limit);
  return edge === undefined ? values[0] : values[values.indexOf(edge) + 1];
};

function rowOf(limit: Limit): readonly string[] {
  const { detector, title, turned } = limit.attack;
  const [edge, lost] = [edgeOf(limit), behind(limit)];
  return [
    code(detector),
    title,
    turned,
    edge === undefined ? 'never' : `${edge} (${shareAt(limit, edge)})`,
    lost === undefined ? 'nothing tried' : `${lost} (${shareAt(limit, lost)})`,
  ];
}

export const page = (limits: readonly Limit[], runs: number): string => `# How far behaviours see

<!-- Made by \`npm run limits\`; do not edit. -->

Attacks of our own making, each played ${runs} times with other noise at every step of hiding, with all behaviours at work and the
knobs as they come. *Told up to* is the last step, from the plain attack on, at which at least half of the runs were told; *not
at* the step behind it. In brackets the share of runs that was told. All steps: [the curves](../rules/limits.svg).

${table(['Behaviour', 'Attack', 'What is turned', 'Told up to', 'Not at'], limits.map(rowOf))}
`;
