import browser from 'webextension-polyfill';

/** Opens the options, or brings their tab to the front. A popup has then done its duty; Firefox would leave it open. */
export function openOptions(): void {
  void browser.runtime.openOptionsPage().then(() => {
    if (browser.extension.getViews({ type: 'popup' }).includes(window)) window.close();
  });
}
