/** `source add`, `source remove`, `source show`. */

import { expect, test } from 'bun:test';
import { createHome, manifestOf } from '../support/run-tercet.ts';

const URL = 'https://index.example/simple/';

test('a source comes, is shown, changes and goes', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect(await home.run(['source', 'add', 'corp', URL])).toEqual({
    code: 0,
    stdout: 'Adding source with name corp.\n',
    stderr: 'The default priority will change to supplemental in a future release.\n',
  });
  expect((await home.run(['source', 'show'])).stdout).toBe(
    ` name      : corp                          \n url       : ${URL} \n priority  : primary                       \n\n`,
  );
  const changed = await home.run(['source', 'add', 'Corp', 'https://other.example/', '-p', 'SUPPLEMENTAL']);
  expect(changed).toEqual({ code: 0, stdout: 'Source with name Corp already exists. Updating.\n', stderr: '' });
  const shown = await home.run(['source', 'show']);
  expect(shown.stdout).toContain(' priority  : supplemental ');
  expect(shown.stdout).toContain('PyPI is implicitly enabled as a primary source.');
  expect((await home.run(['source', 'show', 'corp'])).stdout).not.toContain('PyPI');
  expect((await home.run(['source', 'remove', 'CORP'])).stdout).toBe('Removing source with name Corp.\n');
  expect(home.read('pyproject.toml')).not.toContain('source');
  expect((await home.run(['source', 'show'])).stdout).toStartWith('No sources configured for this project.\n\nPyPI is');
});

test('what is refused changes nothing', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf(['alpha']));
  const before = home.read('pyproject.toml');
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['add', 'corp'], 'A custom source cannot be added without a URL.'],
    [['add', '', URL], 'Missing [name] in source.'],
    [['add', 'PyPI', URL], 'The URL of PyPI is fixed and cannot be set.'],
    [['add', 'corp', URL, '-p', 'secondary'], 'There is no priority "secondary"'],
    [['add', 'pypi', '-p', 'explicit'], "\nAt least one source must not be configured as 'explicit'.\n"],
    [['remove', 'corp'], 'Source with name corp was not found.'],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await home.run(['source', ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  }
  expect(home.read('pyproject.toml')).toBe(before);
});
