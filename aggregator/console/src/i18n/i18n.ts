// Sets up i18next with both dictionaries in the bundle; nothing is loaded later.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Dictionary, en } from './en.ts';
import { ja } from './ja.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Dictionary };
  }
}

/** Call once, before the first render. */
export function setUpLanguages(language: Language): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, ja: { translation: ja } },
    lng: language,
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    // React escapes.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}
