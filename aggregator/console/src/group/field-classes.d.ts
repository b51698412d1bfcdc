// The module that field-classes.ts makes at build time.
declare module 'virtual:field-classes' {
  import type { PrivacyClass } from 'yagura-sensor/wire';

  const classes: Readonly<Record<string, PrivacyClass>>;
  export default classes;
}
