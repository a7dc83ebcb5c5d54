/** A command that the server does not carry out: thrown anywhere in it, answered by the session. */
export class ImapRefusal extends Error {
  /** As in `NO [CANNOT] No such mailbox`: what follows the tag (RFC 9051 section 7.1). */
  readonly status: string;

  constructor(status: `NO ${string}` | `BAD ${string}`) {
    super(status);
    this.status = status;
  }
}
