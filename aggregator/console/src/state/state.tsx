// The state of a group or a sensor as word and shape.
import { useTranslation } from 'react-i18next';
import type { GroupState, Sensor } from '../api/shapes.ts';
import './state.css';

const GROUP_SHAPES: Readonly<Record<GroupState, React.ReactNode>> = {
  new: <circle cx="8" cy="8" r="4" fill="currentColor" />,
  in_progress: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  resolved: <path d="M3 8.5l3.5 3.5L13 4.8" fill="none" stroke="currentColor" strokeWidth="2" />,
  archived: (
    <path
      d="M2.5 3.5h11v3h-11zM3.5 6.5h9v6h-9zM6.5 9h3"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
};

export function StateMark({ state }: { readonly state: GroupState }) {
  const { t } = useTranslation();
  return (
    <span className={`state state-${state}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {GROUP_SHAPES[state]}
      </svg>
      <span>{t(`state.${state}`)}</span>
    </span>
  );
}

const SENSOR_SHAPES: Readonly<Record<Sensor['status'], React.ReactNode>> = {
  live: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  silent: (
    <path
      d="M4 4l8 8M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    />
  ),
  revoked: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" fill="none" stroke="currentColor" strokeWidth="2" />,
  never: (
    <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.5 2.5" />
  ),
};

export function SensorStatus({ status }: { readonly status: Sensor['status'] }) {
  const { t } = useTranslation();
  return (
    <span className={`state sensor-${status}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {SENSOR_SHAPES[status]}
      </svg>
      <span>{t(`sensors.${status}`)}</span>
    </span>
  );
}
