import type { Finding } from '../finding.js';

/**
 * What two findings have in common that are the same: the kind, the code, and the message without its
 * numbers and addresses, which may differ from one schedule to another.
 */
export function findingKey({ kind, code, message }: Finding): string {
  const normal = message.replace(/0x[0-9a-f]+|\b\d[\d,.]*\b/g, '#').replace(/\bT\d+\b/g, 'T#');
  return [kind, code ?? '', normal].join('\n');
}
