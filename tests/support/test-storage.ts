/** IndexedDB in memory that can be made to fail as a browser's does. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';

/** What an attempt to open or delete a database comes to; null for what it should. */
export type Failure = 'throws' | 'fails' | 'hangs' | null;

export class TestStorage {
  /** Asked before each attempt. */
  onOpen: (name: string) => Failure = () => null;
  onDelete: (name: string) => Failure = () => null;
  /** The name of the error. */
  error = 'UnknownError';
  /** Names of databases that were deleted. */
  readonly deleted: string[] = [];
  readonly #connections: { name: string; database: IDBDatabase }[] = [];

  /** Takes the place of the browser's; empty. */
  constructor() {
    const factory = new IDBFactory();
    const [open, remove] = [factory.open.bind(factory), factory.deleteDatabase.bind(factory)];
    factory.open = (name, version) => {
      const failed = this.#fail(this.onOpen(name));
      if (failed) return failed;
      const request = open(name, version);
      request.addEventListener('success', () => this.#connections.push({ name, database: request.result }));
      return request;
    };
    factory.deleteDatabase = (name) => {
      const failed = this.#fail(this.onDelete(name));
      if (failed) return failed;
      this.deleted.push(name);
      return remove(name);
    };
    globalThis.indexedDB = factory;
  }

  /** Ends every connection as a browser does when the files have gone from under it. */
  terminate(name: string): void {
    for (const { database } of this.#connections.filter((one) => one.name === name)) {
      database.close();
      // The event that browsers send, as far as anybody looks at it.
      const { listeners } = database as unknown as { listeners: { type: string; callback(event: unknown): void }[] };
      for (const { type, callback } of [...listeners]) if (type === 'close') callback({ type });
    }
  }

  /** As when the process that had opened them is gone. */
  closeAll(): void {
    for (const { database } of this.#connections.splice(0)) database.close();
  }

  #fail(failure: Failure): IDBOpenDBRequest | null {
    if (failure === null) return null;
    const error = new DOMException('as the test wants it', this.error);
    if (failure === 'throws') throw error;
    return new FailingRequest(failure === 'fails' ? error : null);
  }
}

class FailingRequest extends IDBOpenDBRequest {
  readonly #error: DOMException | null;

  /** @param error null: it never comes to anything */
  constructor(error: DOMException | null) {
    super();
    this.#error = error;
  }

  override get error(): DOMException | null {
    return this.#error;
  }

  override addEventListener(type: string, listener: unknown): void {
    if (type === 'error' && this.#error && typeof listener === 'function') setImmediate(() => listener({ type }));
  }

  override removeEventListener(): void {}
}
