/** Wires, nothing else: every listener is registered here, at once, and waits for what it needs inside. */
import browser from 'webextension-polyfill';
import { parseIntent } from '../intents.ts';
import { startBackground } from './background.ts';

const WATCHDOG = 'watchdog';
/** The shortest period that Chrome grants a packed extension. */
const WATCHDOG_MINUTES = 0.5;

const background = startBackground();

browser.runtime.onInstalled.addListener(async ({ reason }) => {
  await background.wake();
  if (reason === 'install') await browser.runtime.openOptionsPage();
});

// Firefox starts the event page with the browser only for those who listen to this.
browser.runtime.onStartup.addListener(() => background.wake());

browser.alarms.onAlarm.addListener(() => background.wake());

browser.runtime.onMessage.addListener(async (message: unknown, sender: browser.Runtime.MessageSender) => {
  const ours = sender.id === browser.runtime.id && sender.url?.startsWith(browser.runtime.getURL(''));
  const intent = ours ? parseIntent(message) : null;
  return intent ? background.handle(intent) : 'bad-input';
});

// Alarms of Firefox end with the session, so they are made at every start.
void browser.alarms.create(WATCHDOG, { periodInMinutes: WATCHDOG_MINUTES });
