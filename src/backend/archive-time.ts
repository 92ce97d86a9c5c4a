/** The one time that all files of an archive are dated with, so that building twice gives the same bytes. */

import type { DistributionFormat } from './source.ts';

/** 2016-01-01, for zip files, which know no time before 1980. */
const WHEEL_DEFAULT = 1451606400;
const ZIP_FROM = 315532800;
/** The first second that a zip file cannot say. */
const ZIP_UNTIL = 4354819200;

/** Seconds since 1970: `SOURCE_DATE_EPOCH`, else a fixed one. https://reproducible-builds.org/specs/source-date-epoch/ */
export function archiveTime(
  format: DistributionFormat,
  env: Readonly<Record<string, string | undefined>>,
  warn: (text: string) => void,
): number {
  const written = env.SOURCE_DATE_EPOCH;
  const time =
    written !== undefined && /^\s*\+?[0-9]+(?:_[0-9]+)*\s*$/.test(written)
      ? Number(written.replaceAll('_', ''))
      : undefined;
  if (format === 'sdist') {
    if (!written) return 0;
    if (time === undefined) warn('SOURCE_DATE_EPOCH environment variable is not an int, using mtime=0');
    return time ?? 0;
  }
  if (written === undefined) return WHEEL_DEFAULT;
  const shown = 'setting zipinfo date to default=(2016, 1, 1, 0, 0, 0)';
  if (time === undefined) {
    warn(`SOURCE_DATE_EPOCH environment variable value is not an int, ${shown}`);
    return WHEEL_DEFAULT;
  }
  if (time < ZIP_FROM || time >= ZIP_UNTIL) {
    warn(`zipinfo date can't be ${time < ZIP_FROM ? 'earlier than 1980' : 'later than 2107'}, ${shown}`);
    return WHEEL_DEFAULT;
  }
  return time;
}
