import { describe, expect, test } from 'bun:test';
import type { Event } from '../ground/events.ts';
import { plainChunks } from './plain.ts';
import { colours, noColours } from './style.ts';

function printed(events: readonly Event[], verbosity = 0): string {
  const options = { verbosity, out: noColours, err: noColours };
  return events
    .flatMap((event) => plainChunks(event, options))
    .map(({ stream, text }) => (stream === 'err' ? `! ${text}` : text))
    .join('');
}

const six = { kind: 'install', name: 'six', version: '1.17.0' } as const;
const plan = { kind: 'plan', installs: 1, updates: 0, removals: 2, skipped: 0, dryRun: false } as const;

describe('plainChunks', () => {
  test('an installation in the words of Poetry', () => {
    const text = printed([
      { kind: 'line', text: 'Updating dependencies' },
      { kind: 'resolve-started' },
      { kind: 'resolve-progressed', project: 'six', decided: 1, asked: 2 },
      { kind: 'resolve-finished', milliseconds: 12, packages: 1 },
      plan,
      { kind: 'operation-started', operation: six },
      { kind: 'download-started', file: 'six.whl', project: 'six', bytes: 100 },
      { kind: 'operation-finished', operation: six },
      { kind: 'operation-finished', operation: { ...six, kind: 'update', from: '1.16.0' } },
      { kind: 'operation-failed', operation: { ...six, kind: 'uninstall' } },
    ]);
    expect(text).toBe(`Updating dependencies
Resolving dependencies...

Package operations: 1 install, 0 updates, 2 removals

  - Installing six (1.17.0)
  - Updating six (1.16.0 -> 1.17.0)
  - Removing six (1.17.0): Failed
`);
  });

  test('nothing to do', () => {
    expect(printed([{ ...plan, installs: 0, removals: 0, skipped: 3 }])).toBe(
      '\nNo dependencies to install or update\n',
    );
    expect(printed([{ ...plan, installs: 0, removals: 0 }])).toBe('');
  });

  test('what is skipped shows when verbose or dry', () => {
    const skipped = { kind: 'operation-finished', operation: { ...six, skipped: 'Already installed' } } as const;
    expect(printed([{ ...plan, skipped: 1 }])).toBe('\nPackage operations: 1 install, 0 updates, 2 removals\n\n');
    expect(printed([{ ...plan, skipped: 1 }, skipped], 1)).toBe(
      '\nPackage operations: 1 install, 0 updates, 2 removals, 1 skipped\n\n' +
        '  - Installing six (1.17.0): Skipped for the following reason: Already installed\n',
    );
    expect(printed([{ ...plan, skipped: 1, dryRun: true }])).toContain(', 1 skipped');
  });

  test('levels and streams', () => {
    const events: Event[] = [
      { kind: 'line', text: 'detail', level: 1 },
      { kind: 'notice', text: 'notice' },
      { kind: 'warning', text: 'Warning: old' },
    ];
    expect(printed(events)).toBe('! notice\n! Warning: old\n');
    expect(printed(events, 1)).toBe('detail\n! notice\n! Warning: old\n');
    expect(printed(events, -1)).toBe('');
  });

  test('colours', () => {
    const chunks = plainChunks(
      { kind: 'line', text: 'x', style: 'info' },
      { verbosity: 0, out: colours, err: colours },
    );
    expect(chunks).toEqual([{ stream: 'out', text: '\u001b[34mx\u001b[39m\n' }]);
  });
});
