/** A Dockerfile and its `.dockerignore`. */

import { type Finding, type Line, linesOf } from './finding.ts';
import { allowsPython, type ProjectFacts } from './project-facts.ts';

const INSTALL = /\b(?:poetry|tercet)\s+(?:install|sync)\b/;

/** Judges one Dockerfile; `ignored` is the text of `.dockerignore`, if there is one. */
export function checkDockerfile(
  file: string,
  text: string,
  ignored: string | undefined,
  { manifest }: ProjectFacts,
): readonly Finding[] {
  const found: Finding[] = [];
  const add = (severity: Finding['severity'], line: Line, text: string, fix: string): void => {
    found.push({ severity, file, line: line.number, text, fix });
  };
  const steps = joined(linesOf(text));
  const installs = steps.findIndex((step) => INSTALL.test(step.text));
  const install = steps[installs];
  for (const step of steps) {
    const version = /^FROM\s+(?:--\S+\s+)*(?:\S*\/)?python:(\d+(?:\.\d+)*)/i.exec(step.text)?.[1];
    if (version !== undefined && !allowsPython(manifest.python, version)) {
      const text = `the image has Python ${version}, which the project (${manifest.pythonVersions}) does not allow`;
      add('error', step, text, 'choose a base image with a Python that the project allows');
    }
    if (/^(?:CMD|ENTRYPOINT)\s+(?!\[)/i.test(step.text) && !/^(?:CMD|ENTRYPOINT)\s+exec\s/i.test(step.text)) {
      const text = 'the shell form makes a shell process 1, which hands on no signal: docker stop waits, then kills';
      add('warning', step, text, `write it as a list: ${listForm(step.text)}`);
    }
  }
  if (install === undefined) return found;
  const before = steps.slice(0, installs);
  const copiesAll = before.find(({ text }) => /^(?:COPY|ADD)\s+(?:--(?!from)\S+\s+)*\.\/?\s/i.test(text));
  const copiesLock =
    [...before, install].some(({ text }) => /poetry\.lock|\bpoetry\.\*|poetry\.loc\[k\]|\s\*\s/.test(text)) ||
    copiesAll;
  if (!copiesLock) {
    const fix = 'COPY pyproject.toml poetry.lock ./ before it, or bind-mount both';
    add(
      'error',
      install,
      'poetry.lock does not reach the image before the install: other versions than yours are chosen',
      fix,
    );
  }
  if (copiesAll !== undefined) {
    const fix = 'copy pyproject.toml and poetry.lock first, install with --no-root, then copy the code';
    add('warning', copiesAll, 'the code is copied before the install: each change of it installs everything anew', fix);
  }
  if (!/--only[= ]|--without[= ]|--no-dev/.test(install.text)) {
    add('warning', install, 'the groups for development are installed too', 'add --only main');
  }
  if (!copiesAll && manifest.packageMode && !/--no-root|--only-root/.test(install.text) && copiesLock) {
    const text = 'the project itself is to be installed, but its code is not there yet';
    add('error', install, text, 'add --no-root here; after the code is copied: tercet install --only-root');
  }
  const line = linesOf(ignored ?? '').find(({ text }) =>
    /^\/?(?:\*\*\/)?(?:poetry\.lock|\*\.lock|pyproject\.toml)\s*$/.test(text),
  );
  if (line !== undefined) {
    const text = `\`${line.text.trim()}\` is kept from the build, which needs it`;
    found.push({ severity: 'error', file: '.dockerignore', line: line.number, text, fix: 'remove the line' });
  }
  return found;
}

/** Instructions with their continuation lines. */
function joined(lines: readonly Line[]): readonly Line[] {
  const steps: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    const text = line.text.trim();
    const whole: Line = open === undefined ? { ...line, text } : { number: open.number, text: `${open.text} ${text}` };
    if (whole.text.endsWith('\\')) open = { ...whole, text: whole.text.slice(0, -1).trimEnd() };
    else {
      open = undefined;
      if (whole.text !== '') steps.push(whole);
    }
  }
  return open === undefined ? steps : [...steps, open];
}

function listForm(instruction: string): string {
  const [word = '', ...rest] = instruction.split(/\s+/);
  return `${word} [${rest.map((one) => JSON.stringify(one)).join(', ')}]`;
}
