// What a run may let out: the gate of its profile, with the key of its hashes and the authority that it stands under.
import { join } from 'node:path';
import { SensorError } from '../errors.ts';
import { Gate, type GateOptions } from '../outputs/gate.ts';
import { hashKey, passingKey } from '../outputs/hash-key.ts';
import type { ScopeText } from '../sight/scope.ts';
import type { PrivacyClass, Profile } from '../wire/field.ts';

/** In the state folder, unless `--hash-key` names another place. */
const KEY_FILE = 'hash-key';

export interface PrivacyOptions {
  readonly profile: Profile;
  readonly isLive: boolean;
  /** State folder of the uplink. */
  readonly uplink: string | undefined;
  /** As the command line has them. */
  readonly hashKey: string | undefined;
  readonly authority: string | undefined;
  /** What may be looked at; everything unless it is said. */
  readonly scope?: ScopeText;
}

/** @throws SensorError hash_key_unusable, profile_not_authorised, not_enrolled */
export const openGate = async (options: PrivacyOptions, say: (line: string) => void): Promise<Gate> =>
  new Gate(await gateOptions(options, say));

/** What makes a gate, in any thread. @throws SensorError hash_key_unusable, profile_not_authorised, not_enrolled */
export async function gateOptions(
  options: PrivacyOptions,
  say: (line: string) => void,
): Promise<GateOptions> {
  const { profile } = options;
  if (profile === 'standard') return { profile, key: keyOf(options, say) };
  if (profile === 'lawful-order') return { profile, discloses: await disclosed(options, say) };
  return { profile };
}

function keyOf({ hashKey: path, uplink }: PrivacyOptions, say: (line: string) => void): Uint8Array {
  if (path !== undefined) return hashKey(path);
  if (uplink !== undefined) return hashKey(join(uplink, KEY_FILE));
  say('identifiers are hashed with a key of this run alone: --hash-key FILE makes runs and sensors join');
  return passingKey();
}

/**
 * The classes that the order is for. A sensor that sends needs an authority on record; one that watches needs one that
 * it can be asked about; whoever studies a file answers for it.
 * @returns undefined for all of them
 */
async function disclosed(
  { uplink, isLive, authority }: PrivacyOptions,
  say: (line: string) => void,
): Promise<readonly PrivacyClass[] | undefined> {
  if (uplink !== undefined) {
    const { readIdentity } = await import('../outputs/uplink/identity.ts');
    const identity = readIdentity(uplink);
    const { id, discloses, until } = identity.authority ?? { id: undefined, discloses: [], until: '' };
    if (id === undefined || discloses.length === 0)
      throw refused(`no authority of ${identity.sensor} discloses identifiers or content`);
    if (!(Date.parse(until) > Date.now())) throw refused(`authority ${id} of ${identity.sensor} has ended`);
    say(`under authority ${id} these leave in clear: ${discloses.join(', ')}`);
    return discloses;
  }
  if (isLive && authority === undefined)
    throw refused('live traffic needs --authority, which names the order it is watched under');
  say(
    authority === undefined
      ? 'identifiers and content leave in clear, and no order was named: --authority TEXT names it'
      : `identifiers and content leave in clear under ${authority}`,
  );
  return undefined;
}

const refused = (what: string): SensorError =>
  new SensorError('profile_not_authorised', `lawful-order: ${what}`);
