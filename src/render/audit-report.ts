/** An audit as text, as JSON, and as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */

import type { Audit, Finding } from '../app/audit.ts';
import type { Paint, Style } from './style.ts';

const STYLES: Readonly<Record<Finding['severity'], Style>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'info',
  unknown: 'warning',
};

/** Lines for people. */
export function auditText({ packages, findings, notes }: Audit, paint: Paint): string[] {
  const counted = findings.filter((one) => one.ignored === undefined);
  const ignored = findings.filter((one) => one.ignored !== undefined);
  const affected = new Set(counted.map((one) => one.package.name)).size;
  const looked = `${plural(packages, 'package')} looked at`;
  const lines =
    counted.length === 0
      ? [paint('success', `No known vulnerabilities (${looked})`)]
      : [
          `Found ${paint('error', plural(counted.length, 'known vulnerability', 'known vulnerabilities'))} in ${plural(affected, 'package')} (${looked})`,
        ];
  let last = '';
  for (const finding of counted) {
    const title = `${finding.package.prettyName} ${finding.package.version.text}`;
    if (title !== last)
      lines.push('', `${paint('c1', finding.package.prettyName)} ${paint('bold', finding.package.version.text)}`);
    last = title;
    const score = finding.score === undefined ? '' : ` (${finding.score})`;
    lines.push(
      `  ${finding.id}  ${paint(STYLES[finding.severity], `${finding.severity}${score}`)}  ${finding.summary}`,
    );
    if (finding.aliases.length > 0) lines.push(`    also ${finding.aliases.join(', ')}`);
    lines.push(`    ${fixText(finding)}`);
    if (finding.path.length > 1) lines.push(`    required by ${finding.path.slice(0, -1).join(' → ')}`);
  }
  if (ignored.length > 0) lines.push('', 'Ignored:');
  for (const { id, package: one, ignored: reason } of ignored)
    lines.push(`  ${id}  ${one.prettyName} ${one.version.text}: ${reason}`);
  if (notes.length > 0) lines.push('', ...notes.map((one) => `Note: ${one}`));
  return lines;
}

function fixText({ fixed, fixAllowed, package: { name } }: Finding): string {
  const [first] = fixed;
  if (first === undefined) return 'no release is known to be free of it';
  if (fixAllowed === false) return `fixed in ${first}: raise the constraint, \`tercet add "${name}>=${first}"\``;
  return `fixed in ${first}: \`tercet update ${name}\``;
}

/** What `--format json` prints and `--json` holds as data. */
export function auditValue({ packages, findings }: Audit): Readonly<Record<string, unknown>> {
  const list = findings.map(({ package: one, score, ignored, fixed, fixAllowed, ...rest }) => ({
    package: one.name,
    version: one.version.text,
    id: rest.id,
    aliases: rest.aliases,
    summary: rest.summary,
    severity: rest.severity,
    ...(score === undefined ? {} : { score }),
    fixed_in: fixed,
    ...(fixAllowed === undefined ? {} : { fix_allowed: fixAllowed }),
    path: rest.path,
    references: rest.references,
    ...(ignored === undefined ? {} : { ignored }),
  }));
  return { packages, vulnerabilities: list };
}

const LEVELS: Readonly<Record<Finding['severity'], string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  unknown: 'warning',
};

/** One SARIF log; places are lines of the lock. What is ignored is suppressed, with its reason. */
export function auditSarif({ findings }: Audit, lockText: string, version: string): string {
  const lines = lockText.split('\n');
  const lineOf = ({ package: { prettyName } }: Finding): number => lines.indexOf(`name = "${prettyName}"`) + 1 || 1;
  const rules = new Map(findings.map((one) => [one.id, one]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tercet',
            version,
            rules: [...rules.values()].map(({ id, summary, score, references }) => ({
              id,
              shortDescription: { text: summary || id },
              ...(references[0] === undefined ? {} : { helpUri: references[0] }),
              properties: {
                tags: ['security'],
                ...(score === undefined ? {} : { 'security-severity': String(score) }),
              },
            })),
          },
        },
        results: findings.map((one) => ({
          ruleId: one.id,
          level: LEVELS[one.severity],
          message: {
            text: `${one.package.prettyName} ${one.package.version.text}: ${one.summary || one.id}; ${fixText(one)}`,
          },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'poetry.lock' }, region: { startLine: lineOf(one) } } },
          ],
          partialFingerprints: { advisory: `${one.package.name}/${one.id}` },
          ...(one.ignored === undefined ? {} : { suppressions: [{ kind: 'external', justification: one.ignored }] }),
        })),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
