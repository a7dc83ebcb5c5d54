/** The selected mailbox as one client has been told of it (RFC 9051 section 5.2): its sequence numbers live here. */
import type { Folder, FolderChange, StoredMessage } from './folder.ts';

export class SelectedMailbox {
  readonly folder: Folder;
  readonly readOnly: boolean;
  /** UIDs by sequence number less one, as far as the client knows. */
  private uids: number[];
  private added: number[] = [];
  private changedFlags = new Set<number>();
  private removed = new Set<number>();
  private readonly stopListening: () => void;

  /** `onChange` is called when there is something to tell; `by` is what this client's own changes are made under. */
  constructor(folder: Folder, readOnly: boolean, by: unknown, onChange: (change: FolderChange) => void) {
    this.folder = folder;
    this.readOnly = readOnly;
    this.uids = folder.messages.map((message) => message.uid);
    this.stopListening = folder.onChange((change, changer) => {
      if (change.kind === 'added') this.added.push(change.uid);
      if (change.kind === 'removed') this.removed.add(change.uid);
      // Its own flag changes are answered by the STORE that made them.
      if (change.kind === 'flags' && changer === by) return;
      if (change.kind === 'flags') this.changedFlags.add(change.uid);
      onChange(change);
    });
  }

  /** How many messages the client knows of. */
  get exists(): number {
    return this.uids.length;
  }

  /** What `*` stands for. */
  largest(byUid: boolean): number {
    return byUid ? (this.uids.at(-1) ?? 0) : this.uids.length;
  }

  /** The messages that the client knows and that are still there, with their sequence numbers. */
  *known(): Generator<{ seq: number; message: StoredMessage }> {
    for (const [index, uid] of this.uids.entries()) {
      const message = this.folder.message(uid);
      if (message) yield { seq: index + 1, message };
    }
  }

  /** 0 for a message that the client has not been told of. */
  sequenceOf(uid: number): number {
    return this.uids.indexOf(uid) + 1;
  }

  /**
   * The untagged responses that bring the client up to date; they count as told.
   * @param removals false while a command is answered in which numbers must not shift (RFC 9051 section 7.5.1)
   * @param modseq the client has CONDSTORE on
   */
  takeNews({ removals, modseq }: { removals: boolean; modseq: boolean }): string[] {
    const news = removals ? this.takeRemovals() : [];
    // What came and went unnoticed is never told.
    const added = this.added.filter((uid) => this.folder.message(uid));
    this.added = [];
    if (added.length) {
      this.uids.push(...added);
      news.push(`* ${this.uids.length} EXISTS`);
    }
    for (const uid of this.changedFlags) {
      const message = this.folder.message(uid);
      const seq = this.sequenceOf(uid);
      if (!message || !seq) continue;
      const modseqItem = modseq ? ` MODSEQ (${message.modseq})` : '';
      news.push(`* ${seq} FETCH (FLAGS (${[...message.flags].join(' ')})${modseqItem})`);
    }
    this.changedFlags.clear();
    return news;
  }

  close(): void {
    this.stopListening();
  }

  private takeRemovals(): string[] {
    const news: string[] = [];
    for (const uid of this.removed) {
      const seq = this.sequenceOf(uid);
      if (!seq) continue;
      this.uids.splice(seq - 1, 1);
      news.push(`* ${seq} EXPUNGE`);
    }
    this.removed.clear();
    return news;
  }
}
