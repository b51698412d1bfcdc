// The smallest input that still breaks what it broke: pieces, then bytes are left out for as long as it fails.
import { octets } from '../support/packets/octets.ts';
import type { Trial } from './target.ts';

const PATIENCE_MS = 3000;

/** @returns pieces that fail still, and what they fail with */
export function shrink(trial: Trial, finding: unknown): { pieces: readonly Uint8Array[]; finding: unknown } {
  const end = performance.now() + PATIENCE_MS;
  let best = { pieces: trial.pieces, finding };
  const fails = (pieces: readonly Uint8Array[]): boolean => {
    try {
      trial.attempt(pieces);
      return false;
    } catch (error) {
      best = { pieces, finding: error };
      return true;
    }
  };
  for (let i = 0; i < best.pieces.length && best.pieces.length > 1 && performance.now() < end; )
    if (!fails(best.pieces.toSpliced(i, 1))) i++;
  for (let i = 0; i < best.pieces.length; i++)
    for (let size = best.pieces[i].length >> 1; size > 0; size >>= 1)
      // Ends: each turn goes on in the piece, or makes it shorter.
      for (let at = 0; at < best.pieces[i].length && performance.now() < end; ) {
        const piece = best.pieces[i];
        const shorter = octets(piece.subarray(0, at), piece.subarray(at + size));
        if (!fails(best.pieces.with(i, shorter))) at += size;
      }
  return best;
}
