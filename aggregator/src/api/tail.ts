// Tells those who follow live that something was committed. They read it from the store themselves, at their own pace.
export type TailEvent = { readonly kind: 'alerts' } | { readonly kind: 'sensor'; readonly sensor: string };

export class Tail {
  readonly #followers = new Set<(event: TailEvent) => void>();

  /** @returns how to stop following */
  follow(follower: (event: TailEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  tell(event: TailEvent): void {
    for (const follower of this.#followers) follower(event);
  }

  get followers(): number {
    return this.#followers.size;
  }
}
