/** A small private JSON file with a schema. */
import * as v from 'valibot';
import { readPrivateFile, writePrivateFile } from './data-folder.ts';

/** Thrown when a file of ours does not hold what we write into it. `message` is for the terminal. */
export class DamagedFile extends Error {
  override name = 'DamagedFile';
}

export interface JsonFile<T> {
  read(): Promise<T>;
  write(value: T): Promise<void>;
}

/** A file that holds a value of the schema, or `empty` where there is no file. @throws {DamagedFile} from `read` */
export function jsonFile<S extends v.GenericSchema>(
  file: string,
  schema: S,
  empty: v.InferOutput<S>,
): JsonFile<v.InferOutput<S>> {
  return {
    async read() {
      const bytes = await readPrivateFile(file);
      if (!bytes) return empty;
      try {
        return v.parse(schema, JSON.parse(bytes.toString('utf8')));
      } catch {
        throw new DamagedFile(`${file} is damaged. Move it away to start without it.`);
      }
    },
    write: (value) => writePrivateFile(file, JSON.stringify(value, null, 1)),
  };
}
