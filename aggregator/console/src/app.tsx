// The console: header, one page at a time, keys that work everywhere.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Switch, useLocation } from 'wouter';
import { ApiProblem } from './api/client.ts';
import { GroupPage } from './group/group-page.tsx';
import { Help } from './keyboard/help.tsx';
import { useKeys } from './keyboard/use-keys.ts';
import { LedgerPage } from './ledger/ledger-page.tsx';
import { switchLanguage, switchTheme, switchZone } from './preferences/preferences.ts';
import { LiveProvider } from './queue/live.tsx';
import { QueuePage } from './queue/queue-page.tsx';
import { queuePath } from './queue/selection.ts';
import { SensorsPage } from './sensors/sensors-page.tsx';
import { Header } from './shell/header.tsx';
import { Toasts } from './shell/toasts.tsx';
import { TrafficPage } from './traffic/traffic-page.tsx';
import './app.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the aggregator refuses it refuses again; only silence is worth asking twice.
      retry: (failures, error) => error instanceof ApiProblem && error.status === 0 && failures < 3,
      refetchOnWindowFocus: false,
    },
  },
});

/** A fault in one page must leave the others reachable. */
class PageGuard extends Component<
  { title: string; reload: string; children: ReactNode },
  { failed: boolean }
> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="notice" role="alert">
        <h2>{this.props.title}</h2>
        <button type="button" onClick={() => location.reload()}>
          {this.props.reload}
        </button>
      </div>
    );
  }
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="notice">
      <h2>{t('app.not_found')}</h2>
      <Link href="/">{t('app.to_queue')}</Link>
    </div>
  );
}

function Console() {
  const { t, i18n } = useTranslation();
  const [path, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  useKeys({
    go_queue: () => navigate(queuePath()),
    go_traffic: () => navigate('/traffic'),
    go_sensors: () => navigate('/sensors'),
    go_ledger: () => navigate('/ledger'),
    language: switchLanguage,
    theme: switchTheme,
    zone: switchZone,
    help: () => setHelp(true),
  });
  const page = path.startsWith('/groups/')
    ? 'group'
    : ((['traffic', 'sensors', 'ledger'] as const).find((name) => path === `/${name}`) ?? 'queue');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language
  useEffect(() => {
    document.title = `${t(`page.${page}`)} · 櫓 Yagura`;
  }, [page, t, i18n.language]);
  return (
    <>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <Header onHelp={() => setHelp(true)} />
      <main id="main" tabIndex={-1}>
        <PageGuard key={path} title={t('app.error_title')} reload={t('app.reload')}>
          <Switch>
            <Route path="/" component={QueuePage} />
            <Route path="/groups/:id">{({ id }) => <GroupPage key={id} id={id} />}</Route>
            <Route path="/traffic" component={TrafficPage} />
            <Route path="/sensors" component={SensorsPage} />
            <Route path="/ledger" component={LedgerPage} />
            <Route component={NotFound} />
          </Switch>
        </PageGuard>
      </main>
      <Toasts />
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>
        <Console />
      </LiveProvider>
    </QueryClientProvider>
  );
}
