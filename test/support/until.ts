import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 30_000;

/**
 * Looks again and again until the condition holds; a look that throws counts as one that does not hold.
 * @throws Error that names the condition, with what the last look threw
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    let cause: unknown;
    try {
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`it never came true that ${what}`, { cause });
    await delay(LOOK_EVERY_MS);
  }
}
