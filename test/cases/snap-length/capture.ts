// Traffic of two other cases, one after the other.
import { frames as names } from '../dns-over-tcp/capture.ts';
import { frames as web } from '../web-framing/capture.ts';

export const frames = [...web, ...names.map((frame) => ({ ...frame, time: frame.time + 1e6 }))];
