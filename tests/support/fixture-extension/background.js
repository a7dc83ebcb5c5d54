/** Counts in storage.local, so that the badge can be seen to survive the background and the browser. */
const browser = globalThis.browser ?? globalThis.chrome;

async function show() {
  const { count = 1 } = await browser.storage.local.get('count');
  await browser.action.setBadgeText({ text: String(count) });
  await browser.action.setBadgeBackgroundColor({ color: [10, 20, 30, 255] });
  await browser.action.setTitle({ title: `counted ${count}` });
}

browser.runtime.onStartup.addListener(() => {
  void show();
});

browser.runtime.onMessage.addListener((message, _sender, answer) => {
  void browser.storage.local
    .set({ count: message.count })
    .then(show)
    .then(() => answer('done'));
  return true;
});

void show();
