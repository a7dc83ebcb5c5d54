import { render } from 'preact';
import browser from 'webextension-polyfill';
import '../page.css';
import './popup.css';
import { t } from '../text.ts';
import { App } from './app.tsx';

document.documentElement.lang = t('language');
// A popup is as wide as its content says; a tab of ours (for a larger view) is as wide as the window.
const inPopup = browser.extension.getViews({ type: 'popup' }).includes(window);
document.documentElement.classList.toggle('in-tab', !inPopup);
render(<App />, document.body);
