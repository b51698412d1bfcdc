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

export type Act = (group: Group, state: GroupState, options?: Options) => void;

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

export function useVerbs(): Act {
  const client = useQueryClient();
  return useCallback<Act>(
    (group, state, { note, onReturn } = {}) => {
      void change(client, group, state, note).then((after) => {
        if (!after) {
          onReturn?.();
          return;
        }
        if (state === group.state) {
          // A note stands in the ledger; it cannot be taken back.
          toast((t) => t('verb.noted'));
          return;
        }
        toast((t) => t(`verb.done_${state}`, { rule: group.rule.name }), {
          undo: () =>
            void change(client, after, group.state, undefined).then((back) => {
              if (!back) return;
              toast((t) => t('verb.undone'));
              onReturn?.();
            }),
        });
      });
    },
    [client],
  );
}
