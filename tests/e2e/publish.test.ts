/** `publish` of the executable, to an index on loopback. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lay } from '../builds-compat/project.ts';
import { PROJECTS } from '../builds-compat/projects.ts';
import { createHome } from '../support/run-tercet.ts';
import { startUploadServer, type UploadServerOptions } from '../support/upload-server.ts';

const home = createHome();
afterAll(() => home[Symbol.dispose]());
const SDIST = 'demo-0.1.0.tar.gz';
const WHEEL = 'demo-0.1.0-py3-none-any.whl';

beforeAll(async () => {
  const draft = PROJECTS.find(({ name }) => name === 'metadata-full');
  if (draft !== undefined) lay(draft, home.project);
  await home.run(['build']);
});

const LOGIN = ['-u', 'ada', '-p', 'hunter2'];

async function publish(args: readonly string[], options: UploadServerOptions = {}, env: Record<string, string> = {}) {
  await using server = startUploadServer(options);
  const result = await home.run(['publish', '-r', 'local', ...args], {
    env: { POETRY_REPOSITORIES_LOCAL_URL: server.url, ...env },
  });
  return { ...result, uploads: server.uploads, requests: server.requests };
}

const sentAs = (authorization: string | null): string =>
  Buffer.from((authorization ?? '').replace('Basic ', ''), 'base64').toString();

describe('an upload', () => {
  test('sdist, then wheel, with hashes and metadata', async () => {
    const { code, stdout, stderr, uploads } = await publish(LOGIN);
    expect(code).toBe(0);
    expect(stdout).toBe('\nPublishing demo (0.1.0) to local\n\n\n');
    expect(stderr).toBe(
      ` - Uploading ${SDIST} 0%\n - Uploading ${SDIST} 100% - Uploading ${WHEEL} 0%\n - Uploading ${WHEEL} 100%`,
    );
    expect(uploads.map(({ fields }) => fields.at(-1)?.[1])).toEqual([
      `${SDIST} ${readFileSync(join(home.project, 'dist', SDIST)).length}`,
      `${WHEEL} ${readFileSync(join(home.project, 'dist', WHEEL)).length}`,
    ]);
    const [, wheel] = uploads;
    expect(sentAs(wheel?.authorization ?? null)).toBe('ada:hunter2');
    const bytes = readFileSync(join(home.project, 'dist', WHEEL));
    const of = (name: string) => wheel?.fields.filter(([one]) => one === name).map(([, value]) => value);
    expect(of(':action')).toEqual(['file_upload']);
    expect(of('protocol_version')).toEqual(['1']);
    expect(of('sha256_digest')).toEqual([createHash('sha256').update(bytes).digest('hex')]);
    expect(of('md5_digest')).toEqual([createHash('md5').update(bytes).digest('hex')]);
    expect(of('blake2_256_digest')?.[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(of('filetype')).toEqual(['bdist_wheel']);
    expect(of('pyversion')).toEqual(['py3']);
    expect(of('metadata_version')).toEqual(['2.4']);
    expect(of('keywords')).toEqual(['one, two words']);
    expect(of('license_expression')).toEqual(['MIT OR Apache-2.0']);
    expect(of('license_file')).toEqual(['LICENSE', 'legal/a.txt', 'legal/deep/b.txt']);
    expect(of('project_urls')).toContain('Bug Tracker, https://example.com/bugs');
    expect(of('classifiers')).toEqual(['Topic :: Software Development', 'Development Status :: 4 - Beta']);
    expect(of('requires_dist')).toContain('tomli ; python_version < "3.11"');
    expect(of('description')?.[0]).toStartWith('# Demo\n');
    expect(uploads[0]?.fields).toContainEqual(['pyversion', 'source']);
  });

  test('a dry run sends nothing and says the same', async () => {
    const { code, stdout, stderr, uploads } = await publish(['--dry-run']);
    expect({ code, stdout, uploads }).toEqual({
      code: 0,
      stdout: '\nPublishing demo (0.1.0) to local\n\n\n',
      uploads: [],
    });
    expect(stderr).toContain(`${WHEEL} 100%`);
  });

  test('the highest version only', async () => {
    for (const name of ['demo-0.0.9.tar.gz', 'demo-0.10.0rc1.tar.gz', 'other-9.tar.gz']) {
      writeFileSync(join(home.project, 'dist', name), readFileSync(join(home.project, 'dist', SDIST)));
    }
    const { stdout, uploads } = await publish(LOGIN);
    expect(stdout).toContain('Publishing demo (0.10.0rc1) to local\n');
    expect(uploads.map(({ fields }) => fields.at(-1)?.[1].split(' ')[0])).toEqual(['demo-0.10.0rc1.tar.gz']);
    await home.run(['build', '--clean']);
  });
});

describe('as whom', () => {
  test.each<[string, Record<string, string>, string[], string]>([
    ['a token', { POETRY_PYPI_TOKEN_LOCAL: 'pypi-t' }, [], '__token__:pypi-t'],
    [
      'a token before a password',
      { POETRY_PYPI_TOKEN_LOCAL: 't', POETRY_HTTP_BASIC_LOCAL_USERNAME: 'u', POETRY_HTTP_BASIC_LOCAL_PASSWORD: 'p' },
      [],
      '__token__:t',
    ],
    ['a password', { POETRY_HTTP_BASIC_LOCAL_USERNAME: 'u', POETRY_HTTP_BASIC_LOCAL_PASSWORD: 'p:ü' }, [], 'u:p:ü'],
    ['what is given before all', { POETRY_PYPI_TOKEN_LOCAL: 't' }, ['-u', 'me', '-p', 'mine'], 'me:mine'],
    ['nobody', {}, [], ''],
  ])('%s', async (_, env, args, expected) => {
    const { code, uploads } = await publish(args, {}, env);
    expect(code).toBe(0);
    expect(uploads.map(({ authorization }) => sentAs(authorization))).toEqual([expected, expected]);
  });

  test('what stands in the address, and is never shown', async () => {
    await using server = startUploadServer({ answer: () => new Response('no', { status: 403 }) });
    const url = server.url.replace('://', '://ada:hunter2@');
    const { code, stdout, stderr } = await home.run(['publish', '-r', 'local', '-vvv'], {
      env: { POETRY_REPOSITORIES_LOCAL_URL: url },
    });
    expect(code).toBe(1);
    expect(sentAs(server.uploads[0]?.authorization ?? null)).toBe('ada:hunter2');
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stderr).toContain("HTTP Error 403: Forbidden | b'no'");
  });

  test('what stands in the address with a percent sign that escapes nothing', async () => {
    await using server = startUploadServer({});
    const url = server.url.replace('://', '://ada:100%@');
    const { code } = await home.run(['publish', '-r', 'local'], { env: { POETRY_REPOSITORIES_LOCAL_URL: url } });
    expect(code).toBe(0);
    expect(sentAs(server.uploads[0]?.authorization ?? null)).toBe('ada:100%');
  });
});

describe('a job of a CI, without credentials', () => {
  const AUDIENCE = { '/_/oidc/audience': { audience: 'local-index' } };

  test('GitHub: its identity is exchanged for a token', async () => {
    await using gitHub = startUploadServer({ others: { '/id': { value: 'jwt' } } });
    const { code, uploads, requests } = await publish(
      [],
      { others: { ...AUDIENCE, '/_/oidc/mint-token': { success: true, token: 'minted' } } },
      { ACTIONS_ID_TOKEN_REQUEST_URL: `${gitHub.url}id?run=7`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job' },
    );
    expect(code).toBe(0);
    expect(gitHub.requests).toEqual(['GET /id?run=7&audience=local-index Bearer job']);
    expect(requests).toEqual(['GET /_/oidc/audience -', 'POST /_/oidc/mint-token - {"token":"jwt"}']);
    expect(uploads.map(({ authorization }) => sentAs(authorization))).toEqual(['__token__:minted', '__token__:minted']);
  });

  test('GitLab: the variable named after the audience', async () => {
    const { requests } = await publish(
      [],
      { others: { ...AUDIENCE, '/_/oidc/mint-token': { token: 'minted' } } },
      { GITLAB_CI: 'true', LOCAL_INDEX_ID_TOKEN: 'jwt-of-gitlab' },
    );
    expect(requests.at(-1)).toBe('POST /_/oidc/mint-token - {"token":"jwt-of-gitlab"}');
  });

  test('an index that knows nothing of it is published to as nobody', async () => {
    const { uploads } = await publish([], {}, { GITLAB_CI: 'true', LOCAL_INDEX_ID_TOKEN: 'jwt' });
    expect(uploads.map(({ authorization }) => authorization)).toEqual([null, null]);
  });

  test('nobody but PyPI gets an identity meant for PyPI', async () => {
    const { code, stderr, requests } = await publish(
      [],
      { others: { '/_/oidc/audience': { audience: 'pypi' } } },
      { GITLAB_CI: 'true', PYPI_ID_TOKEN: 'jwt-secret' },
    );
    expect(code).toBe(1);
    expect(stderr).toContain('asks for an identity that is meant for PyPI');
    expect(requests).toEqual(['GET /_/oidc/audience -']);
  });

  test('a dry run asks nobody', async () => {
    const { requests } = await publish(['--dry-run'], {}, { GITLAB_CI: 'true', PYPI_ID_TOKEN: 'jwt' });
    expect(requests).toEqual([]);
  });
});

describe('refusals', () => {
  const conflict = () => new Response("it's there", { status: 409 });

  test('of a file that is there', async () => {
    const { code, stderr, uploads } = await publish(LOGIN, { answer: conflict });
    expect(code).toBe(1);
    expect(stderr).toContain('\nHTTP Error 409: Conflict | b"it\'s there"\n');
    expect(stderr).toContain('--skip-existing');
    expect(uploads.length).toBe(1);
  });

  test('which --skip-existing takes for done', async () => {
    const { code, stdout, stderr } = await publish([...LOGIN, '--skip-existing'], { answer: conflict });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '\nPublishing demo (0.1.0) to local\n\n\n' });
    expect(stderr).toContain(`\n - Uploading ${SDIST} File exists. Skipping - Uploading ${WHEEL} 0%`);
  });

  test('others are not taken for it', async () => {
    const { code } = await publish([...LOGIN, '--skip-existing'], {
      answer: () => new Response('bad classifier', { status: 400 }),
    });
    expect(code).toBe(1);
  });

  test('a redirect is not followed', async () => {
    await using other = startUploadServer();
    const { code, stderr } = await publish(LOGIN, { answer: () => Response.redirect(other.url, 307) });
    expect(code).toBe(1);
    expect(stderr).toContain('Redirects are not supported. Is the URL missing a trailing slash?');
    expect(other.uploads).toEqual([]);
  });

  test('a project that has to be registered first is', async () => {
    const { code, uploads } = await publish(LOGIN, {
      answer: (_, number) =>
        number === 0 ? new Response('no such project was ever registered', { status: 400 }) : new Response('ok'),
    });
    expect(code).toBe(0);
    const actions = uploads.map(({ fields }) => fields.find(([name]) => name === ':action')?.[1]);
    expect(actions).toEqual(['file_upload', 'submit', 'file_upload', 'file_upload']);
  });

  test.each<[string, string[], string]>([
    ['no server', ['-r', 'gone'], '\nError connecting to repository\n'],
    ['no such repository', ['-r', 'none'], '\nRepository none is not defined\n'],
    ['no files', ['--dist-dir', 'none'], 'No files to publish. Run poetry build first or use the --build option.\n'],
    ['no network', ['-r', 'gone', '--offline'], 'the network may not be used'],
    ['a certificate that is not there', ['-r', 'gone', '--cert', 'none.pem'], 'none.pem'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await home.run(['publish', ...args], {
      env: { POETRY_REPOSITORIES_GONE_URL: 'http://127.0.0.1:1/legacy' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

test('--build', async () => {
  const { code, stdout, uploads } = await publish([...LOGIN, '--build', '--dist-dir', 'out']);
  expect(code).toBe(0);
  expect(stdout).toStartWith('Building demo (0.1.0)\nBuilding sdist\n');
  expect(uploads.length).toBe(2);
  const again = await publish([...LOGIN, '--build', '--dist-dir', 'out', '--dry-run']);
  expect(again.stdout).toStartWith('Warning: There are 2 files ready for publishing in out. Build anyway!\n');
});
