/** How quick and how quiet the IMAP half is, beside plain sockets and beside imapflow alone. */
import { measureMarks } from './imap-marks.ts';
import { measureNews } from './imap-news.ts';
import { measureOpening } from './imap-opening.ts';
import { measureProcess } from './imap-process.ts';
import type { Benchmark, Measurement } from './measurement.ts';

export const needs: Benchmark['needs'] = { programs: ['dovecot'], build: true };

/** Takes a quarter of an hour: Dovecot waits half a second before each piece of news, and idling takes its minutes. */
export async function bench(): Promise<Measurement[]> {
  const parts = [measureOpening, measureMarks, measureProcess, measureNews];
  const all: Measurement[] = [];
  for (const part of parts) all.push(...(await part()));
  return all;
}
