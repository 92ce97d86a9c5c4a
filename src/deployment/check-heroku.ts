/**
 * Heroku: its Python buildpack installs from poetry.lock by itself since November 2024, stops where it finds two package managers' files,
 * and takes Poetry away before the application runs. https://devcenter.heroku.com/articles/python-support
 */

import { type Finding, linesOf } from './finding.ts';
import { allowsPython, isLockedInMain, type ProjectFacts, pinnedPythons } from './project-facts.ts';

/** Files that are looked at. */
export const HEROKU_FILES = [
  'Procfile',
  'runtime.txt',
  '.python-version',
  'requirements.txt',
  'Pipfile',
  'Pipfile.lock',
  'uv.lock',
];

/** Nothing is said unless there is a Procfile or a `runtime.txt`: then the project is not for Heroku. */
export function checkHeroku(facts: ProjectFacts): readonly Finding[] {
  const { files, manifest } = facts;
  const procfile = files.get('Procfile');
  const runtime = files.get('runtime.txt');
  const found = [...checkPythonVersion(facts)];
  if (procfile === undefined && runtime === undefined) return found;
  for (const other of ['requirements.txt', 'Pipfile', 'Pipfile.lock', 'uv.lock']) {
    if (!files.has(other)) continue;
    const fix =
      'remove it from the repository (git rm), or deploy to a host that needs it; the buildpack reads poetry.lock';
    const text =
      'Heroku stops the build where it stands beside poetry.lock: "Multiple Python package manager files were found"';
    found.push({ severity: 'error', file: other, text, fix });
  }
  if (facts.lockState === 'missing') {
    found.push({
      severity: 'error',
      file: 'poetry.lock',
      text: 'there is none, and Heroku installs nothing',
      fix: 'tercet lock, and commit it',
    });
  }
  if (runtime !== undefined) {
    const version = /^python-(\d+\.\d+(?:\.\d+)?)\s*$/.exec(runtime)?.[1];
    const base = { file: 'runtime.txt', line: 1 } as const;
    if (version === undefined) {
      found.push({
        ...base,
        severity: 'error',
        text: 'Heroku refuses what is not of the form python-3.11.7',
        fix: 'use .python-version with 3.11',
      });
    } else {
      if (!allowsPython(manifest.python, version)) {
        const text = `Python ${version} is not allowed by the project (${manifest.pythonVersions})`;
        found.push({ ...base, severity: 'error', text, fix: 'name a version that is' });
      }
      const minor = version.split('.').slice(0, 2).join('.');
      found.push({
        ...base,
        severity: 'warning',
        text: 'runtime.txt is deprecated',
        fix: `remove it, and write ${minor} into .python-version`,
      });
    }
  }
  if (!files.has('.python-version') && runtime === undefined) {
    const text = 'the Python version is not pinned: Heroku takes its newest for a new application';
    found.push({
      severity: 'warning',
      file: '.python-version',
      text,
      fix: 'write one line, such as 3.11, into .python-version',
    });
  }
  return procfile === undefined ? found : [...found, ...checkProcfile(procfile, facts)];
}

function checkProcfile(text: string, { lock }: ProjectFacts): readonly Finding[] {
  const found: Finding[] = [];
  for (const line of linesOf(text)) {
    const match = /^([\w-]+):\s*(.*)$/.exec(line.text);
    if (match === null) {
      if (line.text.trim() !== '') {
        const fix = 'write it as: web: gunicorn myproject.wsgi';
        found.push({
          severity: 'error',
          file: 'Procfile',
          line: line.number,
          text: 'not of the form NAME: COMMAND',
          fix,
        });
      }
      continue;
    }
    const command = match[2] ?? '';
    const runner = /^(?:\w+=\S*\s+)*(poetry|tercet)\s+run\s+/.exec(command);
    if (runner !== null) {
      const text = `there is no ${runner[1]} when the application runs, only while it is built`;
      found.push({
        severity: 'error',
        file: 'Procfile',
        line: line.number,
        text,
        fix: `write: ${match[1]}: ${command.replace(/\b(poetry|tercet)\s+run\s+/, '')}`,
      });
    }
    const program = /^(?:\w+=\S*\s+)*(?:(?:poetry|tercet)\s+run\s+)?([\w.-]+)/.exec(command)?.[1] ?? '';
    if (SERVERS.has(program) && isLockedInMain(lock, program) === false) {
      const text = `${program} is not among the main dependencies of poetry.lock, and will not be there`;
      found.push({ severity: 'error', file: 'Procfile', line: line.number, text, fix: `tercet add ${program}` });
    }
    if (match[1] === 'web' && /(?:--bind|-b|--port)[= ](?:\S+:)?\d+/.test(command)) {
      const fix = 'take the port from $PORT (gunicorn does so by itself)';
      found.push({
        severity: 'error',
        file: 'Procfile',
        line: line.number,
        text: 'the port is fixed, but Heroku chooses it',
        fix,
      });
    }
  }
  return found;
}

const SERVERS = new Set(['gunicorn', 'uvicorn', 'hypercorn', 'daphne', 'waitress-serve', 'celery', 'uwsgi', 'granian']);

function checkPythonVersion({ files, manifest }: ProjectFacts): readonly Finding[] {
  const text = files.get('.python-version');
  const first = text === undefined ? undefined : pinnedPythons(text)[0];
  const version = /^(?:cpython-|python-)?(\d+(?:\.\d+)*)/.exec(first ?? '')?.[1];
  if (version === undefined || allowsPython(manifest.python, version)) return [];
  const says = `Python ${version} is not allowed by the project (${manifest.pythonVersions})`;
  return [
    {
      severity: 'error',
      file: '.python-version',
      line: 1,
      text: says,
      fix: 'name a version that is, or widen requires-python',
    },
  ];
}
