/** A message that is opened in the list: asked for once, read from the store. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { deliver } from '../deliver.ts';
import type { MessageContent } from '../message-content.ts';
import type { ErrorCode, Message } from '../model.ts';
import { type Area, type MessageRef, readContent, type Store } from '../store.ts';
import { useStore } from '../use-store.ts';
import { useWant } from '../use-want.ts';

const AREAS: readonly Area[] = ['contents'];

export interface Opened {
  /** null while it is on its way. */
  content: MessageContent | null;
  /** Why it does not come. */
  code: ErrorCode | null;
  again(): void;
}

export function useOpened({ account, folder, uidValidity, uid }: Message): Opened {
  const [want, setWant] = useState<string | null>(null);
  const [refused, setRefused] = useState<ErrorCode | null>(null);

  const ask = useCallback((): (() => void) => {
    const message: MessageRef = { account, folder, uidValidity, uid };
    const id = crypto.randomUUID();
    setWant(id);
    setRefused(null);
    void deliver({ type: 'open-message', id, message }).then(setRefused);
    // Who closes it before it is there does not want it any more.
    return () => void deliver({ type: 'forget', id });
  }, [account, folder, uidValidity, uid]);
  useEffect(ask, [ask]);

  const read = useCallback(
    async (store: Store) => (await readContent(store, { account, folder, uidValidity, uid })) ?? null,
    [account, folder, uidValidity, uid],
  );
  const { value } = useStore(read, AREAS);
  const row = useWant(want, 'message');
  const content = value ?? null;
  return { content, code: content ? null : (refused ?? row?.code ?? null), again: () => void ask() };
}
