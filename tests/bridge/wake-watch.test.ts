import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchForWake } from '../../src/bridge/wake-watch.ts';

let clock = 0;
let network = 'eth0 192.0.2.1';
let woken = 0;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  clock = 1_000_000;
  network = 'eth0 192.0.2.1';
  woken = 0;
  stop = watchForWake({ now: () => clock, readNetwork: () => network, onWake: () => (woken += 1) });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** Time passes for the clock and for the timers alike. */
function pass(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    clock += 100;
    vi.advanceTimersByTime(100);
  }
}

it('says nothing while time passes as ever', () => {
  pass(60_000);
  expect(woken).toBe(0);
});

it('notices within five seconds that the computer has slept, once', () => {
  pass(7_000);
  clock += 8 * 3600_000;
  pass(5_000);
  expect(woken).toBe(1);
  pass(60_000);
  expect(woken).toBe(1);
});

it('notices within five seconds that the network is another one, once', () => {
  network = 'wlan0 198.51.100.7';
  pass(5_000);
  expect(woken).toBe(1);
  pass(60_000);
  expect(woken).toBe(1);
});

it('is quiet once it is stopped', () => {
  stop();
  clock += 3600_000;
  pass(10_000);
  expect(woken).toBe(0);
});
