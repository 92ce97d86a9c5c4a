/** `audit`: known vulnerabilities of what is locked. */

import { type Command, value, values } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { GROUP_OPTIONS, groupOptions } from './_options.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;

export const command: Command = {
  name: 'audit',
  description: 'Check the locked packages for known vulnerabilities.',
  arguments: [],
  options: [
    ...GROUP_OPTIONS,
    {
      name: 'advisories',
      takesValue: true,
      multiple: true,
      description: 'A file, folder or zip archive in the OSV format, or the address of one or of a service.',
    },
    { name: 'ignore', takesValue: true, multiple: true, description: 'An identifier that does not count this time.' },
    {
      name: 'level',
      takesValue: true,
      default: 'low',
      description: 'The exit code is 1 from this severity on (low, medium, high, critical).',
    },
    { name: 'format', short: 'f', takesValue: true, default: 'text', description: 'text, json or sarif (2.1.0).' },
  ],
  help: `The exit code is 0 where nothing is known, 1 where something is, and 2 where the advisories could not be read. Without --advisories they
come from [tool.tercet.audit] advisories in pyproject.toml, TERCET_ADVISORIES, or the public service of osv.dev, which is told the names and
versions that are locked. What does not concern the project is ignored with a reason, and a day on which it counts again if you like:

  [tool.tercet.audit]
  ignore = [{id = "GHSA-…", reason = "we never parse untrusted files", until = "2027-01-31"}]`,
  async run(context, input) {
    const level = LEVELS.find((one) => one === value(input, 'level'));
    if (level === undefined) throw new TercetError('usage', `--level must be one of ${LEVELS.join(', ')}.`);
    const format = value(input, 'format') ?? 'text';
    if (!['text', 'json', 'sarif'].includes(format))
      throw new TercetError('usage', '--format must be text, json or sarif.');
    const { auditLock, isAtLeast } = await import('../app/audit.ts');
    const audit = await auditLock(context, {
      groups: {
        ...groupOptions(input),
        defaults: 'all',
      },
      advisories: values(input, 'advisories'),
      ignore: values(input, 'ignore').flatMap((one) => one.split(',')),
    });
    const [{ auditSarif, auditText, auditValue }, { colours, noColours }] = await Promise.all([
      import('../render/audit-report.ts'),
      import('../render/style.ts'),
    ]);
    const found = auditValue(audit);
    context.emit({ kind: 'data', name: 'audit', value: found });
    if (format === 'json') context.emit({ kind: 'line', text: JSON.stringify(found, undefined, 2) });
    else if (format === 'sarif') {
      const { readLockText } = await import('../app/lock-file.ts');
      const text = (await readLockText((await context.project()).lockPath)) ?? '';
      context.emit({ kind: 'line', text: auditSarif(audit, text, context.toolVersion) });
    } else
      for (const text of auditText(audit, context.decorated ? colours : noColours))
        context.emit({ kind: 'line', text });
    return audit.findings.some((one) => one.ignored === undefined && isAtLeast(one.severity, level)) ? 1 : 0;
  },
};
