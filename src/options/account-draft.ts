/** What is typed in the account form, and what follows from it. Pure. */
import type { Account, AccountId, Security } from '../model.ts';

export interface Draft {
  address: string;
  name: string;
  user: string;
  host: string;
  port: string;
  security: Security;
  /** Fields that the user has set: nothing is guessed over them. */
  touched: ReadonlySet<keyof Draft>;
}

/** RFC 8314 section 3.2 and RFC 9051 section 2.1: implicit TLS on 993, everything else on 143. */
const PORTS: Record<Security, string> = { tls: '993', starttls: '143', none: '143' };

export function draftOf(account: Account | null): Draft {
  if (!account) return { address: '', name: '', user: '', host: '', port: '993', security: 'tls', touched: new Set() };
  const { address, name, user, server } = account;
  const touched = new Set<keyof Draft>(['name', 'user', 'host', 'port']);
  return { address, name, user, host: server.host, port: String(server.port), security: server.security, touched };
}

/** The draft after one field was typed in, with guesses for those that the user has left alone. */
export function typed<Field extends Exclude<keyof Draft, 'touched'>>(
  draft: Draft,
  field: Field,
  value: Draft[Field],
): Draft {
  const next: Draft = { ...draft, [field]: value, touched: new Set([...draft.touched, field]) };
  if (field === 'address') {
    const address = next.address.trim();
    const domain = address.slice(address.lastIndexOf('@') + 1);
    if (!next.touched.has('user')) next.user = address;
    if (!next.touched.has('host')) next.host = address.includes('@') && domain ? `imap.${domain}` : '';
  }
  // A port that is usual for some encryption follows; one that the user has made up stays.
  if (field === 'security' && Object.values(PORTS).includes(draft.port)) next.port = PORTS[next.security];
  return next;
}

/**
 * The account that the draft describes; the fields have been checked by the browser.
 * @param before the account as it was; null for a new one
 */
export function accountOf(draft: Draft, id: AccountId, before: Account | null = null): Account {
  const address = draft.address.trim();
  const user = draft.user.trim();
  const host = draft.host.trim();
  const account: Account = {
    id,
    protocol: 'imap',
    name: draft.name.trim() || address,
    address,
    user,
    server: { host, port: Number(draft.port), security: draft.security },
  };
  // Another mailbox has other folders.
  const sameMailbox = before?.folders && before.user === user && before.server.host === host;
  return sameMailbox ? { ...account, folders: before.folders } : account;
}

/** Whether a stored password of `before` may be used for `after`: it is bound to all of this. */
export function sameBinding(before: Account, after: Account): boolean {
  const [a, b] = [before.server, after.server];
  return before.user === after.user && a.host === b.host && a.port === b.port && a.security === b.security;
}
