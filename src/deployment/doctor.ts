/** Every check of a project's deployment files, by the file's name. */

import { checkAnsible, isAnsible } from './check-ansible.ts';
import { checkCi } from './check-ci.ts';
import { checkCommands } from './check-commands.ts';
import { checkDockerfile } from './check-dockerfile.ts';
import { checkHeroku } from './check-heroku.ts';
import { checkPreCommit } from './check-pre-commit.ts';
import type { Finding } from './finding.ts';
import type { ProjectFacts } from './project-facts.ts';

export type DeploymentKind = 'dockerfile' | 'ci' | 'ansible' | 'pre-commit' | 'heroku' | 'other';

/** What the file is for, by its path; undefined where it is none of ours. */
export function deploymentKind(path: string): DeploymentKind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:.+\.)?Dockerfile(?:\..+)?$|^Containerfile$/.test(name)) return 'dockerfile';
  if (name === '.travis.yml' || name === '.gitlab-ci.yml' || /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
    return 'ci';
  if (/^\.pre-commit-config\.ya?ml$/.test(name)) return 'pre-commit';
  if (name === 'Procfile' || name === 'runtime.txt' || path === '.python-version') return 'heroku';
  if (/(?:^|\/)(?:ansible|playbooks?|roles|deploy)\/.*\.ya?ml$|^(?:playbook|site|deploy)\.ya?ml$/.test(path))
    return 'ansible';
  if (/^(?:bin\/|scripts\/|deploy\/)?[^/]*\.sh$|^Makefile$/.test(path)) return 'other';
  return undefined;
}

/** What will break, file by file; errors of the lock first. */
export function diagnose(facts: ProjectFacts): readonly Finding[] {
  const found: Finding[] = [];
  if (facts.lockState === 'stale') {
    const text = 'it is older than pyproject.toml: every install of it will be refused';
    found.push({ severity: 'error', file: 'poetry.lock', text, fix: 'tercet lock, and commit it' });
  }
  for (const [path, text] of facts.files) {
    const kind = deploymentKind(path);
    if (kind === undefined || (kind === 'ansible' && !isAnsible(text))) continue;
    found.push(...checkCommands(path, text));
    if (kind === 'dockerfile') found.push(...checkDockerfile(path, text, facts.files.get('.dockerignore'), facts));
    if (kind === 'ci') found.push(...checkCi(path, text, facts));
    if (kind === 'ansible') found.push(...checkAnsible(path, text));
    if (kind === 'pre-commit') found.push(...checkPreCommit(path, text));
  }
  return [...found, ...checkHeroku(facts)];
}
