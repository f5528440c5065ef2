import type { Hold, Holds } from './throttle-store.js';

/** Attempts under way in this process; keeps nothing of a key that no attempt holds. */
export class LocalHolds implements Holds {
  private readonly held = new Map<string, number>();

  take(key: string): Promise<Hold> {
    const held = (this.held.get(key) ?? 0) + 1;
    this.held.set(key, held);
    return Promise.resolve({ held, release: () => this.release(key) });
  }

  private release(key: string): Promise<void> {
    const left = (this.held.get(key) ?? 1) - 1;
    if (left > 0) this.held.set(key, left);
    else this.held.delete(key);
    return Promise.resolve();
  }
}
