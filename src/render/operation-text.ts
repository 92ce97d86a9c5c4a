/** The sentence of one operation, as Poetry writes it. */

import type { OperationLabel } from '../ground/events.ts';
import type { Paint, Style } from './style.ts';

const VERBS = { install: 'Installing', update: 'Updating', downgrade: 'Downgrading', uninstall: 'Removing' } as const;

/** `Updating six (1.16.0 -> 1.17.0)`; the version in `style` (default: bold while it runs). */
export function operationText(operation: OperationLabel, paint: Paint, style: Style = 'bold'): string {
  const to = paint(style, operation.version);
  const versions = operation.from === undefined ? to : `${paint(style, operation.from)} -> ${to}`;
  return `${VERBS[operation.kind]} ${paint('c1', operation.name)} (${versions})`;
}

/** What follows it where nothing is done: `: Skipped for the following reason: Already installed`. */
export function skippedText(operation: OperationLabel): string {
  return operation.skipped === undefined ? '' : `: Skipped for the following reason: ${operation.skipped}`;
}
