/** What acceptance takes through production: an application as it is found, and how it is seen to be alive. */

import { BMWLOG_APP, lockOf2019 } from './bmwlog-app.ts';
import { DJANGO_APP } from './django-app.ts';
import { expectIn, type Stage } from './stage.ts';

export interface Application {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The object that gunicorn serves. */
  readonly wsgi: string;
  /** A part of its front page. */
  readonly answer: string;
  /** A file of its code, to which a comment may be added. */
  readonly code: string;
  /** One of its production dependencies, and a constraint of the manifest that can be changed. */
  readonly dependency: string;
  readonly edit: readonly [from: string, to: string];
  /** Arguments of `python` that must succeed. */
  readonly checks: readonly (readonly string[])[];
  /** From the files to a committed project with today's lock. */
  adopt(stage: Stage): Promise<void>;
}

const SHOP: Application = {
  name: 'shop',
  files: DJANGO_APP,
  wsgi: 'shopsite.wsgi',
  answer: 'the shop is open',
  code: 'shopsite/urls.py',
  dependency: 'sqlparse',
  edit: ['4.2', '4.1'],
  checks: ['check', 'migrate', 'collectstatic --noinput'].map((words) => ['manage.py', ...words.split(' ')]),
  async adopt({ home, run, shell }) {
    await run(['tercet', 'import'], { cwd: 'shop' });
    expectIn(await Bun.file(`${home}/shop/pyproject.toml`).text(), 'pytest');
    // Heroku stops where both are.
    await shell('rm -f requirements.txt requirements-dev.txt', { cwd: 'shop' });
  },
};

const BLOG: Application = {
  name: 'blog',
  files: BMWLOG_APP,
  wsgi: 'run:app',
  answer: 'the blog is open',
  code: 'run.py',
  dependency: 'markdown',
  edit: ['Markdown = "^3.1"', 'Markdown = "^3.2"'],
  checks: [['-c', 'import run']],
  async adopt({ home, run, write }) {
    await run(['poetry', 'lock'], { cwd: 'blog' });
    const old = lockOf2019(await Bun.file(`${home}/blog/poetry.lock`).text());
    write('blog/poetry.lock', old);
    // The lock of 2019 is installed as it is, and then brought to today's form, with the versions that it has.
    await run(['poetry', 'install', '--no-dev'], { cwd: 'blog' });
    expectIn(await Bun.file(`${home}/blog/poetry.lock`).text(), old);
    await run(['poetry', 'lock'], { cwd: 'blog' });
    expectIn(await Bun.file(`${home}/blog/poetry.lock`).text(), 'lock-version = "2.1"');
  },
};

export const APPLICATIONS: readonly Application[] = [SHOP, BLOG];
