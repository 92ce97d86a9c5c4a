/**
 * The live part of a terminal: what is being resolved, downloaded and installed right now. A pure fold of events into a state, and of
 * a state into the lines of a frame; `terminal.ts` keeps the frame below the permanent lines.
 */

import type { Event, OperationLabel } from '../ground/events.ts';
import { operationText } from './operation-text.ts';
import type { Paint } from './style.ts';

interface Download {
  readonly project: string;
  readonly bytes: number;
  readonly total: number | undefined;
}

export interface LiveState {
  readonly resolving: { readonly since: number; readonly project: string; readonly asked: number } | undefined;
  readonly downloads: ReadonlyMap<string, Download>;
  readonly operations: ReadonlyMap<string, OperationLabel>;
  /** Percent of each file that is being published. */
  readonly uploads: ReadonlyMap<string, number>;
  /** Names of the projects that are being built. */
  readonly builds: ReadonlyMap<string, true>;
}

export const IDLE: LiveState = {
  resolving: undefined,
  downloads: new Map(),
  operations: new Map(),
  uploads: new Map(),
  builds: new Map(),
};

/** The state after `event`; `now` in milliseconds. */
export function live(state: LiveState, event: Event, now: number): LiveState {
  switch (event.kind) {
    case 'resolve-started':
      return { ...state, resolving: { since: now, project: '', asked: 0 } };
    case 'resolve-progressed':
      if (!state.resolving) return state;
      return { ...state, resolving: { since: state.resolving.since, project: event.project, asked: event.asked } };
    case 'resolve-finished':
      return { ...state, resolving: undefined };
    case 'download-started':
      return {
        ...state,
        downloads: put(state.downloads, event.file, { project: event.project, bytes: 0, total: event.bytes }),
      };
    case 'download-progressed': {
      const known = state.downloads.get(event.file);
      return known
        ? { ...state, downloads: put(state.downloads, event.file, { ...known, bytes: event.bytes }) }
        : state;
    }
    case 'download-finished':
      return { ...state, downloads: without(state.downloads, event.file) };
    case 'upload-started':
      return { ...state, uploads: put(state.uploads, event.file, 0) };
    case 'upload-progressed':
      return { ...state, uploads: put(state.uploads, event.file, Math.floor((event.bytes * 100) / event.total)) };
    case 'upload-finished':
      return { ...state, uploads: without(state.uploads, event.file) };
    case 'build-started':
      return { ...state, builds: put(state.builds, event.project, true) };
    case 'build-finished':
      return { ...state, builds: without(state.builds, event.project) };
    case 'operation-started':
      return { ...state, operations: put(state.operations, event.operation.name, event.operation) };
    case 'operation-finished':
    case 'operation-failed':
      return { ...state, operations: without(state.operations, event.operation.name) };
    default:
      return state;
  }
}

/** The frame's lines, at most `rows`, without newlines. */
export function frame(state: LiveState, now: number, rows: number, paint: Paint): readonly string[] {
  const lines: string[] = [];
  if (state.resolving) {
    const { since, project, asked } = state.resolving;
    const detail = project === '' ? '' : paint('faint', `  ${project}, ${asked} asked`);
    lines.push(`${paint('info', 'Resolving dependencies...')} ${paint('faint', `(${seconds(now - since)})`)}${detail}`);
  }
  for (const operation of state.operations.values()) {
    lines.push(`  - ${operationText(operation, paint)}: ${phase(operation, state, paint)}`);
  }
  for (const one of state.downloads.values()) {
    if (!state.operations.has(one.project)) lines.push(`  - ${paint('c1', one.project)}: ${progress(one)}`);
  }
  for (const [file, percent] of state.uploads) {
    lines.push(` - Uploading ${paint('c1', file)} ${paint('bold', `${percent}%`)}`);
  }
  for (const project of state.builds.keys()) {
    if (!state.operations.has(project)) lines.push(`  - ${paint('c1', project)}: ${paint('info', 'Building...')}`);
  }
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, rows - 1), paint('faint', `  … and ${lines.length - rows + 1} more`)];
}

/** `1.2s`, as Poetry writes the time of a resolution. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)}s`;
}

/** `850 kB`, `1.5 MB`. */
function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function phase(operation: OperationLabel, { downloads, builds }: LiveState, paint: Paint): string {
  if (builds.has(operation.name)) return paint('info', 'Building...');
  for (const one of downloads.values()) if (one.project === operation.name) return progress(one);
  return paint('info', operation.kind === 'uninstall' ? 'Removing...' : 'Installing...');
}

function progress({ bytes, total }: Download): string {
  if (!total) return `Downloading... ${size(bytes)}`;
  return `Downloading... ${Math.min(100, Math.floor((bytes * 100) / total))}% of ${size(total)}`;
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
