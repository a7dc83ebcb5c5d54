import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText, t } from '../text.ts';
import { useStore } from '../use-store.ts';
import { Inbox } from './inbox.tsx';
import { makeSnapshotReader, SNAPSHOT_AREAS } from './snapshot.ts';
import { useFilter } from './use-filter.ts';

/** The cache is usually there sooner, and a word that flashes by is worse than none. */
const LOADING_WORD_AFTER_MS = 100;

export function App(): JSX.Element {
  const [read] = useState(makeSnapshotReader);
  const { value: snapshot, broken, refresh } = useStore(read, SNAPSHOT_AREAS);
  const [filter, setFilter] = useFilter();
  useEffect(() => {
    // The first rows are on the screen: now the others.
    if (snapshot?.partial) void refresh();
  }, [snapshot, refresh]);
  if (snapshot && filter) return <Inbox snapshot={snapshot} filter={filter} onFilter={setFilter} refresh={refresh} />;
  return broken ? <Broken /> : <Loading />;
}

function Loading(): JSX.Element {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LOADING_WORD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return <main class="blank">{late && <p role="status">{t('loading')}</p>}</main>;
}

function Broken(): JSX.Element {
  const { sentence, advice } = errorText('storage-failed');
  return (
    <main class="blank">
      <div role="alert">
        <h1>{sentence}</h1>
        <p>{advice}</p>
      </div>
    </main>
  );
}
