/** The processes that run on Windows, asked of the system itself: a program that lists them takes a second. */

import { dlopen, ptr } from 'bun:ffi';

export interface WindowsProcess {
  /** The name of its executable: `powershell.exe`. */
  readonly name: string;
  readonly parent: number;
}

const PROCESSES = 2;
/** `PROCESSENTRY32W` of 64-bit Windows: its length, and where its fields are, in bytes. */
const ENTRY = { length: 568, pid: 8, parent: 32, name: 44 };

/** All processes by their ids; none where the system does not tell. */
export function windowsProcesses(): ReadonlyMap<number, WindowsProcess> {
  try {
    return listed();
  } catch {
    return new Map();
  }
}

function listed(): ReadonlyMap<number, WindowsProcess> {
  const found = new Map<number, WindowsProcess>();
  const { symbols, close } = dlopen('kernel32.dll', {
    CreateToolhelp32Snapshot: { args: ['u32', 'u32'], returns: 'i64' },
    Process32FirstW: { args: ['i64', 'ptr'], returns: 'i32' },
    Process32NextW: { args: ['i64', 'ptr'], returns: 'i32' },
    CloseHandle: { args: ['i64'], returns: 'i32' },
  });
  const snapshot = symbols.CreateToolhelp32Snapshot(PROCESSES, 0);
  const entry = Buffer.alloc(ENTRY.length);
  entry.writeUInt32LE(ENTRY.length, 0);
  let isMore = symbols.Process32FirstW(snapshot, ptr(entry)) !== 0;
  while (isMore) {
    const name = entry.toString('utf16le', ENTRY.name, ENTRY.length);
    found.set(entry.readUInt32LE(ENTRY.pid), {
      name: name.slice(0, name.indexOf('\0')),
      parent: entry.readUInt32LE(ENTRY.parent),
    });
    isMore = symbols.Process32NextW(snapshot, ptr(entry)) !== 0;
  }
  symbols.CloseHandle(snapshot);
  close();
  return found;
}
