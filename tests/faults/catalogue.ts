/** All cases, by number. */

import type { FaultCase } from './bed.ts';
import { ARCHIVE_CASES } from './cases/archives.ts';
import { CLOCK_CASES } from './cases/clock.ts';
import { CONNECTION_CASES } from './cases/connections.ts';
import { DISK_CASES } from './cases/disk.ts';
import { INDEX_CASES } from './cases/indexes.ts';
import { NETWORK_CASES } from './cases/network.ts';
import { SDIST_CASES } from './cases/sdists.ts';
import { WHEEL_CASES } from './cases/wheels.ts';

export const FAULT_CASES: readonly FaultCase[] = [
  ...NETWORK_CASES,
  ...ARCHIVE_CASES,
  ...WHEEL_CASES,
  ...SDIST_CASES,
  ...INDEX_CASES,
  ...CONNECTION_CASES,
  ...DISK_CASES,
  ...CLOCK_CASES,
].sort((a, b) => a.number - b.number);
