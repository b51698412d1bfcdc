// The closed schema's words with their privacy classes, as the sensor's protocols declare them.
import { words } from 'yagura-sensor/rules';
import type { Vocabulary } from './alerts/flight.ts';

export const vocabulary: Vocabulary = new Map([...words.words].map(([name, field]) => [name, field.class]));
