/** What every benchmark exports, and how its numbers are summed up and printed. */
import type { RequirementName } from '../scripts/requirements.mjs';

/** A file `bench/NAME.ts`. */
export interface Benchmark {
  /** What the driver sees to before it begins: programs that must be there, and the builds of the project. */
  needs: { programs: readonly RequirementName[]; build: boolean };
  /** Measures, and stops what it has started. */
  bench(): Promise<Measurement[]>;
}

/** What a benchmark has measured, beside its reference from the same run. */
export interface Measurement {
  bench: string;
  metric: string;
  unit: string;
  n: number;
  p50: number;
  p95: number;
  min: number;
  max: number;
  reference: { name: string; p50: number; p95: number } | null;
  note: string;
}

/** The value that this part of the values does not exceed (nearest rank). @param part from 0 to 1 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

/** Sums values up, beside those of the reference. */
export function measure(
  { note, ...names }: Pick<Measurement, 'bench' | 'metric' | 'unit' | 'note'>,
  values: readonly number[],
  reference: { name: string; values: readonly number[] } | null,
): Measurement {
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    ...names,
    n: values.length,
    p50: round(percentile(values, 0.5)),
    p95: round(percentile(values, 0.95)),
    min: round(Math.min(...values)),
    max: round(Math.max(...values)),
    reference: reference && {
      name: reference.name,
      p50: round(percentile(reference.values, 0.5)),
      p95: round(percentile(reference.values, 0.95)),
    },
    note,
  };
}

/** The measurements as lines of a table. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ metric, unit, n, p50, p95, min, max, reference }) => [
    metric,
    unit,
    ...[n, p50, p95, min, max].map(String),
    reference ? `${reference.name}: ${reference.p50} / ${reference.p95}` : '',
  ]);
  const all = [['metric', 'unit', 'n', 'p50', 'p95', 'min', 'max', 'reference p50 / p95'], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
