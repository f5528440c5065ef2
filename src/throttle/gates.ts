import { type Entry, Gate } from './gate.js';
import type { Budget } from './throttle-store.js';

/** One key's share in one budget. */
export interface Share {
  readonly budget: Budget;
  readonly key: string;
}

/** The gates in use; keeps none that nobody is inside of or waits at. */
export class Gates {
  private readonly gates = new Map<string, Gate>();

  constructor(private readonly pollMs: number | undefined) {}

  get size(): number {
    return this.gates.size;
  }

  /** See `Gate.enter`. */
  async enter({ budget, key }: Share): Promise<Entry | 'full'> {
    const name = `${budget.name}:${key}`;
    let gate = this.gates.get(name);
    if (gate === undefined) {
      gate = new Gate(budget, key, this.pollMs, () => this.gates.delete(name));
      this.gates.set(name, gate);
    }
    return await gate.enter();
  }
}
