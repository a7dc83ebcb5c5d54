import { useEffect, useState } from 'preact/hooks';

/** Often enough for "connecting" to turn into a word, and for midnight. */
const TICK_MS = 1000;

/** The time, kept up while the page is open; milliseconds since 1970. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
