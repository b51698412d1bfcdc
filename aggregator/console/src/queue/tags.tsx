// ATT&CK tags of a rule: technique numbers as chips, tactics in words.
import './tags.css';

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;
const TACTIC = /^attack\.([a-z][a-z_-]+)$/i;

const techniques = (tags: readonly string[]): string[] =>
  tags.flatMap((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []);

const tactics = (tags: readonly string[]): string[] =>
  tags.flatMap((tag) => TACTIC.exec(tag)?.[1]?.replaceAll(/[_-]/g, ' ') ?? []);

/** `tacticsToo` where there is room for them. */
export function Tags({
  tags,
  tacticsToo = false,
}: {
  readonly tags: readonly string[];
  readonly tacticsToo?: boolean;
}) {
  const words = tactics(tags);
  return (
    <span className="tags" title={`ATT&CK: ${[...techniques(tags), ...words].join(', ')}`}>
      {techniques(tags).map((technique) => (
        <span className="tag" key={technique}>
          {technique}
        </span>
      ))}
      {tacticsToo &&
        words.map((word) => (
          <span className="tag tactic" lang="en" key={word}>
            {word}
          </span>
        ))}
    </span>
  );
}
