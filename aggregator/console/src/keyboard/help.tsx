// The overlay that lists every key.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { prefer, usePreferences } from '../preferences/preferences.ts';
import { KEYMAP, type KeyScope, type Shortcut } from './keymap.ts';
import './help.css';

const SCOPES: readonly KeyScope[] = ['in_lists', 'on_group', 'on_traffic', 'everywhere'];
const SPELLED: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const SHORTCUTS: readonly Shortcut[] = Object.values(KEYMAP);

function Keys({ keys }: { readonly keys: readonly string[] }) {
  const { t } = useTranslation();
  return keys.map((sequence, index) => (
    <span key={sequence}>
      {index > 0 && <span className="key-word">{t('keys.or')}</span>}
      {sequence.split(' ').map((key, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: `g g` is the same key twice, and the list never changes
        <kbd key={place}>{SPELLED[key] ?? key}</kbd>
      ))}
    </span>
  ));
}

export function Help({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { singleKeys } = usePreferences();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <header>
        <h2 id="help-title">{t('keys.title')}</h2>
        <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
          {t('keys.close')} <kbd>Esc</kbd>
        </button>
      </header>
      <div className="help-scopes">
        {SCOPES.map((scope) => (
          <section key={scope} aria-labelledby={`keys-${scope}`}>
            <h3 id={`keys-${scope}`}>{t(`keys.${scope}`)}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.scope === scope).map(({ keys, label }) => (
                <div key={label}>
                  <dt>{t(`keys.${label}`)}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="help-single">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => prefer({ singleKeys: event.currentTarget.checked })}
        />
        {t('keys.single')}
      </label>
    </dialog>
  );
}
