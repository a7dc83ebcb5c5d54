/** What is tried before anybody signs in, step by step, for a person who waits for each. */
import { lookup } from 'node:dns/promises';
import type { Account, TestStep } from '../../model.ts';
import { within } from '../deadline.ts';
import { IMAP_GREETING, lookAtGreeting } from '../greeting.ts';
import { toBridgeError } from './imap-errors.ts';

/** Of a name server; the connection has a deadline of its own. */
const LOOKUP_TIMEOUT = 10_000;

/** @throws {BridgeError} with what the first step that fails fails of */
export async function lookAtServer(server: Account['server'], onStep: (step: TestStep) => void): Promise<void> {
  await within(lookup(server.host), LOOKUP_TIMEOUT, 'host-not-found').catch((error: unknown) => {
    throw toBridgeError(error);
  });
  onStep('found');
  await lookAtGreeting(server, IMAP_GREETING, onStep);
}
