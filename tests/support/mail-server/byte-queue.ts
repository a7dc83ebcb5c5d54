/** Bytes that arrive in any pieces and are read as lines and counted runs, in the order of the questions. */

/** A line longer than this is no command: the reader gives up, as a real server does. */
const LONGEST_LINE = 1 << 20;

export class ByteQueue {
  private bytes: Buffer = Buffer.alloc(0);
  private ended = false;
  private wake: (() => void) | null = null;

  push(bytes: Buffer): void {
    this.bytes = this.bytes.length ? Buffer.concat([this.bytes, bytes]) : bytes;
    this.wake?.();
  }

  /** Nothing more will come; readers get what is whole, then null. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** Forgets what has arrived and was not read: plain text sent ahead of TLS must not be taken for commands. */
  clear(): void {
    this.bytes = Buffer.alloc(0);
  }

  /** The next line without its CRLF (or bare LF), as bytes; null at the end. */
  async readLine(): Promise<Buffer | null> {
    for (;;) {
      const end = this.bytes.indexOf(0x0a);
      if (end >= 0) {
        const line = this.take(end + 1);
        return line.subarray(0, line[end - 1] === 0x0d ? end - 1 : end);
      }
      if (this.ended || this.bytes.length > LONGEST_LINE) return null;
      await this.more();
    }
  }

  /** Exactly so many bytes; null at the end. */
  async readBytes(count: number): Promise<Buffer | null> {
    while (this.bytes.length < count) {
      if (this.ended) return null;
      await this.more();
    }
    return this.take(count);
  }

  private take(count: number): Buffer {
    const taken = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(count);
    return taken;
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = null;
        resolve();
      };
    });
  }
}
