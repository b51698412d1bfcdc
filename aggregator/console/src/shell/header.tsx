// The bar on top: mark, pages, live status, preferences, who is signed in.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { write } from '../api/client.ts';
import { sessionQuery } from '../api/resources.ts';
import { switchLanguage, switchTheme, switchZone, usePreferences } from '../preferences/preferences.ts';
import { useStreamStatus } from '../queue/live.tsx';
import { queuePath } from '../queue/selection.ts';
import { Mark } from './mark.tsx';
import './header.css';

const PAGES = [
  { name: 'queue', path: '/', within: /^\/(groups\/.*)?$/ },
  { name: 'traffic', path: '/traffic', within: /^\/traffic/ },
  { name: 'sensors', path: '/sensors', within: /^\/sensors/ },
  { name: 'ledger', path: '/ledger', within: /^\/ledger/ },
] as const;

function StreamStatus() {
  const { t } = useTranslation();
  const status = useStreamStatus();
  return (
    <span
      className={`stream stream-${status}`}
      title={t(status === 'live' ? 'live.about_live' : 'live.about_off')}
      data-testid="stream-status"
    >
      <span className="stream-dot" aria-hidden="true" />
      {t(`live.${status}`)}
    </span>
  );
}

function SignedIn() {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  const signOut = async (): Promise<void> => {
    await write('POST', 'session/end', {});
    location.reload();
  };
  return (
    <details className="signed-in">
      <summary>{session.name}</summary>
      <div>
        <p>{t('prefs.signed_in', { name: session.name, role: session.role })}</p>
        <button type="button" onClick={() => void signOut()}>
          {t('prefs.sign_out')}
        </button>
      </div>
    </details>
  );
}

export function Header({ onHelp }: { readonly onHelp: () => void }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const { theme, zone } = usePreferences();
  return (
    <header className="top">
      <Link href="/" className="brand">
        <Mark />
        <span lang="ja">櫓</span>
        <span lang="en">Yagura</span>
      </Link>
      <nav aria-label={t('app.navigation')}>
        {PAGES.map(({ name, path, within }) => (
          <Link
            key={name}
            href={name === 'queue' ? queuePath() : path}
            aria-current={within.test(location) ? 'page' : undefined}
          >
            {t(`page.${name}`)}
          </Link>
        ))}
      </nav>
      <div className="top-end">
        <StreamStatus />
        <button type="button" className="quiet" onClick={switchZone} title={t('prefs.zone')}>
          {zone}
        </button>
        <button type="button" className="quiet" onClick={switchTheme} title={t('prefs.theme')}>
          {t('prefs.theme')}: {t(`prefs.theme_${theme}`)}
        </button>
        <button
          type="button"
          className="quiet"
          onClick={switchLanguage}
          title={t('prefs.language')}
          lang={t('prefs.language_short') === 'English' ? 'en' : 'ja'}
        >
          {t('prefs.language_short')}
        </button>
        <button
          type="button"
          className="quiet"
          onClick={onHelp}
          aria-label={t('prefs.help')}
          title={t('prefs.help')}
        >
          <kbd>?</kbd>
        </button>
        <SignedIn />
      </div>
    </header>
  );
}
