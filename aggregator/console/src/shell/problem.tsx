// What the reader sees instead of data: loading, or a refusal that says what happened and how to mend it.
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import './problem.css';

export function Loading({ text }: { readonly text: string }) {
  return (
    <div className="notice" role="status">
      <span className="loading-bar" aria-hidden="true" />
      <p className="soft">{text}</p>
    </div>
  );
}

export function Problem({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof ApiProblem ? error : undefined;
  const [title, text] =
    problem?.status === 0
      ? [t('problem.unreachable'), t('problem.unreachable_text')]
      : problem?.status === 401
        ? [t('problem.session_required'), t('problem.session_text')]
        : [t('problem.refused'), problem?.message ?? String(error)];
  return (
    <div className="notice" role="alert">
      <h2>{title}</h2>
      <p>{text}</p>
      {problem?.mend && <p>{problem.mend}</p>}
      {problem && <p className="soft mono">{t('problem.code', { code: problem.code })}</p>}
      <button type="button" onClick={retry}>
        {t('problem.retry')}
      </button>
    </div>
  );
}
