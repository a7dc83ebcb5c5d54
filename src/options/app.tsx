import type { JSX } from 'preact';
import { FailedOperations } from '../failed-operations.tsx';
import { Live, useLive } from '../live.tsx';
import { t } from '../text.ts';
import { useStore } from '../use-store.ts';
import { Accounts } from './accounts.tsx';
import { Bridge } from './bridge.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { readSnapshot, SNAPSHOT_AREAS } from './snapshot.ts';

export function App(): JSX.Element {
  const { value: snapshot, broken } = useStore(readSnapshot, SNAPSHOT_AREAS);
  const [said, say] = useLive();
  return (
    <main>
      <h1>
        <img src="/icons/icon-48.png" alt="" width="32" height="32" />
        {t('options_title')}
      </h1>
      {broken && <ErrorNotice code="storage-failed" />}
      {snapshot && (
        <>
          <FailedOperations outbox={snapshot.outbox} />
          <Bridge link={snapshot.link} say={say} />
          <Accounts snapshot={snapshot} say={say} />
        </>
      )}
      <Live said={said} />
    </main>
  );
}
