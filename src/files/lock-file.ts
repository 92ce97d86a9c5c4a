/**
 * Locks between processes. The kernel's `flock` where it can be called: it ends with the process, however that ends.
 * Elsewhere a file that names the process which holds it, and which a later process may take over when that is gone.
 */

import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

/** A held lock. */
export interface HeldLock {
  release(): void;
  [Symbol.dispose](): void;
}

export interface LockFileOptions {
  /** Called once where another process holds the lock and waiting begins. */
  readonly onWait?: () => void;
  /** Ends the waiting; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between attempts. Default: 20. */
  readonly interval?: number;
}

/** Takes the lock at `path`, waiting for as long as another process (or this one) holds it. */
export async function lockFile(path: string, options: LockFileOptions = {}): Promise<HeldLock> {
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted();
    const held = tryLockFile(path);
    if (held !== undefined) return held;
    if (attempt === 0) options.onWait?.();
    await new Promise((resolve) => setTimeout(resolve, options.interval ?? 20));
  }
}

/** The lock at `path`, or undefined where someone else holds it. Makes the folder. Throws the file system's error. */
export function tryLockFile(path: string): HeldLock | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const flock = kernelLock();
  return flock === undefined ? tryNamedLock(path) : tryKernelLock(path, flock);
}

type Flock = (file: number, operation: number) => number;

const EXCLUSIVE = 2;
const NO_WAIT = 4;
const LIBRARIES = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];

let found: { readonly flock: Flock | undefined } | undefined;

function kernelLock(): Flock | undefined {
  found ??= { flock: findFlock() };
  return found.flock;
}

function findFlock(): Flock | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const { dlopen, FFIType } = require('bun:ffi') as typeof import('bun:ffi');
    for (const library of process.platform === 'darwin' ? ['libSystem.B.dylib'] : LIBRARIES) {
      try {
        const { symbols } = dlopen(library, { flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 } });
        return symbols.flock;
      } catch {}
    }
  } catch {}
  return undefined;
}

function tryKernelLock(path: string, flock: Flock): HeldLock | undefined {
  const file = openSync(path, 'a', 0o666);
  if (flock(file, EXCLUSIVE | NO_WAIT) !== 0) {
    closeSync(file);
    return undefined;
  }
  return heldLock(() => closeSync(file));
}

function tryNamedLock(path: string): HeldLock | undefined {
  const owner = `${path}.owner`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(owner, 'wx', 0o666);
      writeSync(file, `${hostname()} ${process.pid}`);
      closeSync(file);
      return heldLock(() => unlinkSync(owner));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!abandoned(owner)) return undefined;
      try {
        unlinkSync(owner);
      } catch {}
    }
  }
  return undefined;
}

function abandoned(owner: string): boolean {
  let text: string;
  try {
    text = readFileSync(owner, 'utf8');
  } catch {
    return false;
  }
  const [host, pid] = text.split(' ');
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function heldLock(end: () => void): HeldLock {
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    end();
  };
  return { release, [Symbol.dispose]: release };
}
