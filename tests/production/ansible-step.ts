/** The role `deploy` of our collection, played on this machine: first, again, in check mode, after damage, with a stale lock. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from './application.ts';
import { expectIn, type Stage } from './stage.ts';

const COLLECTION = join(import.meta.dir, '../../integrations/ansible');

export interface AnsibleStep {
  readonly python: string;
  /** The folder with `ansible-playbook`. */
  readonly programs: string;
  readonly baseUrl: string;
}

export async function playAnsible(
  stage: Stage,
  app: Application,
  { python, programs, baseUrl }: AnsibleStep,
): Promise<void> {
  const { home, run, shell, write } = stage;
  const collections = join(home, 'collections');
  mkdirSync(join(collections, 'ansible_collections/tercet'), { recursive: true });
  await run(['ln', '-sfn', COLLECTION, join(collections, 'ansible_collections/tercet/tercet')]);
  const srv = `${app.name}-srv`;
  await run(['git', 'clone', '-q', app.name, srv]);
  write(
    `${app.name}.yml`,
    `- hosts: localhost
  gather_facts: false
  roles:
    - role: tercet.tercet.deploy
      vars:
        tercet_project: ${home}/${srv}
        tercet_virtualenv: ${home}/${srv}-env
        tercet_base_url: ${baseUrl}
        tercet_home: ${home}/${srv}-opt
        tercet_environment: {TERCET_INDEX_URL: "{{ lookup('env', 'TERCET_INDEX_URL') }}"}
`,
  );
  const play = [
    ...[join(programs, 'ansible-playbook'), '-i', 'localhost,', '-c', 'local'],
    ...['-e', `ansible_python_interpreter=${python}`, `${app.name}.yml`],
  ];
  const env = { ANSIBLE_COLLECTIONS_PATH: collections, ANSIBLE_LOCALHOST_WARNING: 'False' };
  await run(play, { env });
  expectIn((await run(play, { env })).out, 'changed=0');
  for (const check of app.checks) await run([join(home, `${srv}-env/bin/python`), ...check], { cwd: srv });
  await shell(`find ${srv}-env/lib/python3.11/site-packages -maxdepth 1 -iname '${app.dependency}*' -exec rm -rf {} +`);
  expectIn((await run([...play, '--check', '--diff'], { env })).out, `+${app.dependency} `);
  expectIn((await run(play, { env })).out, 'changed=1');
  const manifest = await Bun.file(join(home, srv, 'pyproject.toml')).text();
  write(`${srv}/pyproject.toml`, manifest.replace(...app.edit));
  expectIn((await run(play, { env, code: 2 })).out, 'pyproject.toml changed significantly');
  await articleTasks(stage, app, { python, programs, baseUrl });
}

/** The tasks of the article of 2019: the installer under `pipefail`, `poetry install` with PATH and `chdir`, then in an environment of another tool. */
async function articleTasks(stage: Stage, app: Application, { python, programs, baseUrl }: AnsibleStep): Promise<void> {
  const { home, run, write } = stage;
  const plain = `${app.name}-plain`;
  await run(['git', 'clone', '-q', app.name, plain]);
  await run([python, '-m', 'venv', '--without-pip', `${plain}-venv`]);
  write(
    `${plain}.yml`,
    `- hosts: localhost
  gather_facts: false
  environment:
    HOME: ${home}/${plain}-home
    TERCET_INDEX_URL: "{{ lookup('env', 'TERCET_INDEX_URL') }}"
  tasks:
    - ansible.builtin.file: {path: "${home}/${plain}-home", state: directory}
    - ansible.builtin.shell: |
        set -o pipefail
        curl -sSL ${baseUrl}/get-tercet.py | ${python} - --as-poetry
      args: {executable: /bin/bash}
    - ansible.builtin.shell: poetry install --no-dev
      args: {chdir: "${home}/${plain}"}
      environment:
        PATH: "${home}/${plain}-home/.poetry/bin:{{ lookup('env', 'PATH') }}"
        VIRTUAL_ENV: ${home}/${plain}-venv
    - ansible.builtin.shell: poetry run ${app.checks[0]
      ?.map((word) => JSON.stringify(word))
      .join(' ')
      .replace(/^/, 'python ')}
      args: {chdir: "${home}/${plain}"}
      environment:
        PATH: "${home}/${plain}-home/.poetry/bin:{{ lookup('env', 'PATH') }}"
        VIRTUAL_ENV: ${home}/${plain}-venv
`,
  );
  const play = [
    ...[join(programs, 'ansible-playbook'), '-i', 'localhost,', '-c', 'local'],
    ...['-e', `ansible_python_interpreter=${python}`, `${plain}.yml`],
  ];
  await run(play, { env: { ANSIBLE_LOCALHOST_WARNING: 'False' } });
  await run([join(home, `${plain}-venv/bin/python`), ...(app.checks[0] ?? [])], { cwd: plain });
}
