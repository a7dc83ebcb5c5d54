import { render } from 'preact';
import '../page.css';
import './options.css';
import { t } from '../text.ts';
import { App } from './app.tsx';

document.documentElement.lang = t('language');
document.title = t('options_title');
render(<App />, document.body);
