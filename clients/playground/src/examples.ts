import type { Example } from './configuration';
import { recent } from './recent';

/** `example.variables` as text, with a value for each placeholder. */
export function filled(example: Example): string {
  if (example.variables === null) return '';
  const { project = '', generation = '' } = recent();
  const values: Record<string, string> = {
    '{project}': project,
    '{generation}': generation,
    '{key}': freshKey(),
  };
  const replace = (_: string, value: unknown) =>
    typeof value === 'string' ? (values[value] ?? value) : value;
  return JSON.stringify(example.variables, replace, 2);
}

// `crypto.randomUUID` would want HTTPS.
const freshKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
