// The verbs of triage: shown at once, written with the version the analyst saw, undone with one key.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { ApiProblem, write } from '../api/client.ts';
import { groupQuery } from '../api/resources.ts';
import type { Group, GroupState, GroupWithHistory } from '../api/shapes.ts';
import { showGroup } from '../queue/cache.ts';
import { toast } from '../shell/toasts.tsx';

interface Options {
  readonly note?: string;
  /** The group stands where it stood: the verb was undone or refused. */
  readonly onReturn?: () => void;
}

export type Act = (groups: readonly Group[], state: GroupState, options?: Options) => Promise<void>;

const groupPart = (id: string): string => `groups/${encodeURIComponent(id)}`;

const reasonOf = (error: unknown, t: TFunction): string =>
  error instanceof ApiProblem && error.status === 0
    ? t('problem.unreachable')
    : error instanceof Error
      ? error.message
      : String(error);

/** Writes the state; the answer is the group as the aggregator now has it, or undefined after a refusal. */
async function change(
  client: QueryClient,
  group: Group,
  state: GroupState,
  note: string | undefined,
): Promise<Group | undefined> {
  const shown: Group = { ...group, state };
  showGroup(client, shown, group);
  try {
    const after = await write<GroupWithHistory>(
      'PATCH',
      groupPart(group.id),
      { state, ...(note && { note }) },
      group.etag,
    );
    showGroup(client, after, shown);
    return after;
  } catch (error) {
    showGroup(client, group, shown);
    if (error instanceof ApiProblem && error.status === 412) {
      const present = await client.fetchQuery({ ...groupQuery(group.id), staleTime: 0 });
      showGroup(client, present, group);
      toast((t) => t('verb.conflict'), { tone: 'warning' });
    } else {
      toast((t) => t('verb.failed', { reason: reasonOf(error, t) }), { tone: 'warning' });
    }
    return undefined;
  }
}

/** Does the verb on all of these groups; each is written by itself, and those refused say so. */
export function useVerbs(): Act {
  const client = useQueryClient();
  return useCallback<Act>(
    async (groups, state, { note, onReturn } = {}) => {
      const [first] = groups;
      if (!first) return;
      const answers = await Promise.all(
        groups.map(async (before) => ({ before, after: await change(client, before, state, note) })),
      );
      const done = answers.flatMap(({ before, after }) => (after ? [{ before, after }] : []));
      if (done.length < groups.length) onReturn?.();
      if (done.length === 0) return;
      if (groups.length === 1 && state === first.state) {
        // A note stands in the ledger; it cannot be taken back.
        toast((t) => t('verb.noted'));
        return;
      }
      const undo = async (): Promise<void> => {
        const back = await Promise.all(
          done.map(({ before, after }) => change(client, after, before.state, undefined)),
        );
        if (!back.some(Boolean)) return;
        toast((t) => t('verb.undone'));
        onReturn?.();
      };
      toast(
        (t) =>
          done.length === 1
            ? t(`verb.done_${state}`, { rule: done[0]!.before.rule.name })
            : t(`verb.many_${state}`, { count: done.length }),
        { undo: () => void undo() },
      );
    },
    [client],
  );
}
