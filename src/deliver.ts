/** Handing an intent over without ever waiting for good: pages show a code and never an exception. */
import { type Intent, type Receipt, send } from './intents.ts';

/** Starting the background takes well under a second; past this it will not answer any more. */
const DEADLINE_MS = 10_000;

/** `null`: the background has written it down. Else why nothing was kept; never rejects. */
export async function deliver(intent: Intent): Promise<Receipt> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Receipt>((resolve) => {
    timer = setTimeout(() => resolve('timed-out'), DEADLINE_MS);
  });
  try {
    return await Promise.race([send(intent), late]);
  } catch {
    // The browser could not reach the background, which it starts itself: nothing that the user could mend.
    return 'internal';
  } finally {
    clearTimeout(timer);
  }
}
