/** The pairing key of this browser: kept where no cache upgrade reaches it, never exportable. */
import type { PairingCode } from '../pairing-code.ts';
import { importKey } from '../secure-channel.ts';
import { openPairingDatabase, type Pairing } from '../store.ts';

export interface PairingStore {
  read(): Promise<Pairing | null>;
  /** Keeps a code that was just pasted, in place of any pairing before. */
  begin(code: PairingCode): Promise<void>;
  /** Keeps the new long-term key beside the code until the bridge has confirmed it. */
  keepNewKey(key: CryptoKey): Promise<void>;
  /** The bridge has the new key: the code is forgotten. */
  confirm(): Promise<void>;
  forget(): Promise<void>;
}

export function makePairingStore(): PairingStore {
  const opened = openPairingDatabase();

  async function change(edit: (pairing: Pairing) => Pairing): Promise<void> {
    const { store, done } = (await opened).transaction('pairing', 'readwrite');
    const pairing = await store.get('pairing');
    if (pairing) await store.put(edit(pairing), 'pairing');
    await done;
  }

  return {
    read: async () => (await (await opened).get('pairing', 'pairing')) ?? null,
    async begin(code) {
      const codeKey = await importKey(code.secret);
      await (await opened).put('pairing', { cid: code.cid, codeKey, pairedKey: null }, 'pairing');
    },
    keepNewKey: (key) => change((pairing) => ({ ...pairing, pairedKey: key })),
    confirm: () => change((pairing) => ({ ...pairing, codeKey: pairing.pairedKey ? null : pairing.codeKey })),
    async forget() {
      await (await opened).delete('pairing', 'pairing');
    },
  };
}
