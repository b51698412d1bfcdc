// The same traffic as web-framing.
export { frames } from '../web-framing/capture.ts';
