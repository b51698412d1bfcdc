// A severity as word, shape and colour together: none of the three is needed to read the other two.
import { useTranslation } from 'react-i18next';
import type { Severity } from '../api/shapes.ts';
import './severity.css';

const SHAPES: Readonly<Record<Severity, React.ReactNode>> = {
  critical: (
    <>
      <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" fill="currentColor" />
      <path d="M7 3.6h2l-.3 5.6H7.3zM7 10.6h2v2H7z" fill="var(--surface)" />
    </>
  ),
  high: <path d="M8 1.5l7.2 13H.8z" fill="currentColor" />,
  medium: <path d="M8 1l7 7-7 7-7-7z" fill="currentColor" />,
  low: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  informational: <circle cx="8" cy="8" r="2.6" fill="currentColor" />,
};

export function SeverityShape({ severity }: { readonly severity: Severity }) {
  return (
    <svg className={`severity-shape severity-${severity}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[severity]}
    </svg>
  );
}

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  const { t } = useTranslation();
  return (
    <span className={`severity severity-${severity}`}>
      <SeverityShape severity={severity} />
      <span>{t(`severity.${severity}`)}</span>
    </span>
  );
}
