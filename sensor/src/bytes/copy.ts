// Copies bytes that must outlive the source's buffer.

/** Copies `from[at, end)` to `to`, starting at `into`. */
export function copy(from: Uint8Array, at: number, end: number, to: Uint8Array, into: number): void {
  to.set(from.subarray(at, end), into);
}

export function copyOf(from: Uint8Array, at: number, end: number): Uint8Array {
  return from.slice(at, end);
}
