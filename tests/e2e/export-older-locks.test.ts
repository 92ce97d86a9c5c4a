/** `export` of a lock from before 2.1; what is expected is what the real plug-in writes. */

import { expect, test } from 'bun:test';
import { createHome } from '../support/run-tercet.ts';

const MANIFEST = `[tool.poetry]
name = "demo"
version = "1"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.8"
web = {version = "*", extras = ["tls"]}
cache = {version = "*", optional = true}

[tool.poetry.extras]
fast = ["cache"]

[tool.poetry.group.dev.dependencies]
lint = {version = "*", markers = "sys_platform == 'linux'"}
`;

const LOCK = `[[package]]
name = "cache"
version = "1.0"
description = ""
optional = true
python-versions = ">=3.7,<4"
files = []

[package.dependencies]
core = "*"

[[package]]
name = "core"
version = "1.0"
description = ""
optional = false
python-versions = ">=3.6"
files = []

[[package]]
name = "core"
version = "2.0"
description = ""
optional = false
python-versions = ">=3.9"
files = []

[[package]]
name = "lint"
version = "3.1"
description = ""
optional = false
python-versions = "*"
files = []

[package.dependencies]
core = "*"
web = "*"

[[package]]
name = "ssl"
version = "1.0"
description = ""
optional = true
python-versions = ">=3.7.1"
files = []

[package.dependencies]
core = {version = "*", markers = "python_version < \\"3.12\\""}

[[package]]
name = "web"
version = "2.0"
description = ""
optional = false
python-versions = ">=3.7.1"
files = []

[package.dependencies]
core = ">=1"
ssl = {version = "*", optional = true, markers = "extra == \\"tls\\""}
http = {version = "*", optional = true, markers = "extra == \\"http\\""}

[package.extras]
http = ["http"]
tls = ["ssl"]

[extras]
fast = ["cache"]

[metadata]
lock-version = "2.0"
python-versions = "^3.8"
content-hash = "0941cd6c9aa557eae42da24184f2b124bccbec715fb78e77f9660b8a2ee4afbf"
`;

test.each([
  [
    '',
    `core==1.0 ; python_version == "3.8"
core==2.0 ; python_version >= "3.9" and python_version < "4.0"
ssl==1.0 ; python_version >= "3.8" and python_version < "4.0"
web[tls]==2.0 ; python_version >= "3.8" and python_version < "4.0"
`,
  ],
  [
    '--all-extras',
    `cache==1.0 ; python_version >= "3.8" and python_version < "4"
core==1.0 ; python_version == "3.8"
core==2.0 ; python_version >= "3.9" and python_version < "4.0"
ssl==1.0 ; python_version >= "3.8" and python_version < "4.0"
web[tls]==2.0 ; python_version >= "3.8" and python_version < "4.0"
`,
  ],
  [
    '--only dev',
    `core==1.0 ; python_version == "3.8" and sys_platform == "linux"
core==2.0 ; python_version >= "3.9" and python_version < "4.0" and sys_platform == "linux"
lint==3.1 ; python_version >= "3.8" and python_version < "4.0" and sys_platform == "linux"
web==2.0 ; python_version >= "3.8" and python_version < "4.0" and sys_platform == "linux"
`,
  ],
  [
    '--with dev -f constraints.txt',
    `core==1.0 ; python_version == "3.8"
core==2.0 ; python_version >= "3.9" and python_version < "4.0"
lint==3.1 ; python_version >= "3.8" and python_version < "4.0" and sys_platform == "linux"
ssl==1.0 ; python_version >= "3.8" and python_version < "4.0"
web==2.0 ; python_version >= "3.8" and python_version < "4.0"
web==2.0 ; python_version >= "3.8" and python_version < "4.0" and sys_platform == "linux"
`,
  ],
])('walks the lock as the plug-in does: %j', async (options, expected) => {
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  home.write('poetry.lock', LOCK);
  const run = await home.run(['export', ...options.split(' ').filter(Boolean)]);
  expect(run).toEqual({ code: 0, stdout: expected, stderr: '' });
});

test('where the walk takes a release that a later requirement does not allow, the lock is resolved within', async () => {
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  // The plug-in takes core 2.0 for web, and then has none for ssl.
  home.write('poetry.lock', LOCK.replace('core = {version = "*", markers', 'core = {version = "<2", markers'));
  const run = await home.run(['export']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('core==1.0 ; ');
  expect(run.stdout).toContain('web==2.0 ; ');
});
