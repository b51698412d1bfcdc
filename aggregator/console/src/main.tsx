// Where the browser begins: preferences and words first, then the console.
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { setUpLanguages } from './i18n/i18n.ts';
import { applyPreferences, preferences } from './preferences/preferences.ts';

applyPreferences();
setUpLanguages(preferences().language);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
