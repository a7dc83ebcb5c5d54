/** What the bridge remembers about itself. */
import path from 'node:path';
import * as v from 'valibot';
import { DEFAULT_PORT } from '../protocol.ts';
import { jsonFile } from './json-file.ts';

const settingsSchema = v.object({ port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)) });

export type Settings = v.InferOutput<typeof settingsSchema>;

/** The settings file; the default port where nothing was chosen. */
export function settingsFile(folder: string) {
  return jsonFile(path.join(folder, 'settings.json'), settingsSchema, { port: DEFAULT_PORT });
}
