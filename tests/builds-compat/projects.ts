/** The awkward corners of building, each a small project. */

import { classic, type Project, standard } from './project.ts';

const PACKAGE = { 'demo/__init__.py': '__version__ = "0.1.0"\n' };
const PYTHON = '\n[tool.poetry.dependencies]\npython = "^3.9"\n';

/** Where files are, and which of them are taken. */
const LAYOUTS: readonly Project[] = [
  { name: 'flat', files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE } },
  { name: 'src', files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), 'src/demo/__init__.py': '' } },
  { name: 'module', files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), 'demo.py': 'x = 1\n' } },
  { name: 'src-module', files: { 'pyproject.toml': standard(''), 'src/demo.py': 'x = 1\n' } },
  {
    name: 'both',
    files: { 'pyproject.toml': standard(''), 'demo.py': '', 'demo/__init__.py': '' },
  },
  { name: 'nothing-there', files: { 'pyproject.toml': standard(''), 'other/__init__.py': '' } },
  {
    name: 'not-a-package',
    files: { 'pyproject.toml': standard('', '[tool.poetry]\npackages = [{include = "data"}]\n'), 'data/x.txt': '' },
  },
  {
    name: 'several-packages',
    files: {
      'pyproject.toml': classic(
        'packages = [{include = "demo"}, {include = "extra", from = "lib"}, {include = "tests", format = "sdist"},' +
          ' {include = "only", format = ["wheel"]}, {include = "one.py"}]',
        PYTHON,
      ),
      ...PACKAGE,
      'lib/extra/__init__.py': '',
      'lib/extra/deep/nested/mod.py': 'y = 2\n',
      'tests/__init__.py': '',
      'tests/test_a.py': '',
      'only/__init__.py': '',
      'one.py': 'one = 1\n',
    },
  },
  {
    name: 'to',
    files: {
      'pyproject.toml': classic(
        'packages = [{include = "demo", to = "vendor/inner"}, {include = "more", from = "src", to = "target"},' +
          ' {include = "**/*.py", from = "globbed", to = "g"}]',
        PYTHON,
      ),
      ...PACKAGE,
      'src/more/__init__.py': '',
      'src/more/data.json': '{}',
      'globbed/a.py': '',
      'globbed/deep/b.py': '',
    },
  },
  {
    name: 'namespace',
    files: {
      'pyproject.toml': classic('packages = [{include = "company"}]', PYTHON),
      'company/team/demo/__init__.py': '',
      'company/team/demo/core.py': '',
      'company/team/notes.txt': 'notes',
    },
  },
  {
    name: 'namespace-glob',
    files: {
      'pyproject.toml': classic('packages = [{include = "company/**/*.py", from = "src"}]', PYTHON),
      'src/company/team/demo/__init__.py': '',
      'src/company/team/demo/core.py': '',
      'src/company/team/notes.txt': 'notes',
    },
  },
  {
    name: 'stubs',
    files: {
      'pyproject.toml': classic('packages = [{include = "demo-stubs"}]', PYTHON),
      'demo-stubs/__init__.pyi': 'x: int\n',
      'demo-stubs/sub/more.pyi': '',
      'demo-stubs/py.typed': 'partial\n',
    },
  },
  {
    name: 'py-typed',
    files: {
      'pyproject.toml': standard('requires-python = ">=3.9"'),
      ...PACKAGE,
      'demo/py.typed': '',
      'demo/mod.pyi': 'def f() -> int: ...\n',
      'demo/.hidden': 'dot',
      'demo/data/table.csv': 'a,b\n',
      'demo/__pycache__/x.cpython-311.pyc': 'cached',
      'demo/old.pyc': 'cached',
      'demo/sub/__pycache__/y.txt': 'cached',
    },
  },
  {
    // `exclude` takes paths as they are written, so that one with `..` in it leaves nothing out.
    name: 'paths-upward',
    files: {
      'pyproject.toml': classic(
        `include = [{path = "demo/../data", format = ["sdist", "wheel"]}, {path = "link/../more/*", format = ["sdist", "wheel"]}]
exclude = ["data/no.txt", "demo/../demo/kept.py", "demo/sub/../kept.txt"]`,
        PYTHON,
      ),
      ...PACKAGE,
      'demo/kept.py': '',
      'demo/kept.txt': '',
      'demo/sub/__init__.py': '',
      'demo/more/a.txt': 'a',
      'data/yes.txt': 'yes',
      'data/no.txt': 'no',
      link: { link: 'demo/sub' },
    },
  },
  {
    name: 'script-empty',
    files: { 'pyproject.toml': classic('[tool.poetry.build]\nscript = ""', PYTHON), ...PACKAGE },
  },
  {
    name: 'include-exclude',
    files: {
      'pyproject.toml': classic(
        `include = ["CHANGELOG.md", {path = "extras/**/*.txt"}, {path = "both", format = ["sdist", "wheel"]},
  {path = "wheel-only.txt", format = "wheel"}, {path = "demo/secret.py", format = "sdist"}, "tests"]
exclude = ["demo/secret.py", "demo/**/*.tmp", "both/no.txt", "CHANGELOG.md", "tests/skip"]`,
        PYTHON,
      ),
      ...PACKAGE,
      'CHANGELOG.md': '# Changes\n',
      'extras/a.txt': 'a',
      'extras/deep/b.txt': 'b',
      'both/yes.txt': 'yes',
      'both/no.txt': 'no',
      'wheel-only.txt': 'w',
      'demo/secret.py': 'secret = 1\n',
      'demo/sub/x.tmp': 'tmp',
      'demo/sub/x.py': '',
      'tests/__init__.py': '',
      'tests/skip/test.py': '',
    },
  },
  {
    name: 'globs',
    files: {
      'pyproject.toml': classic(
        `packages = [{include = "demo"}]
include = ["docs/[a-c]*.md", "docs/?.txt", "docs/[!x]y.rst", "*.cfg", "assets/*/"]
exclude = ["**/skip.*", "demo/[ab].py"]`,
        PYTHON,
      ),
      ...PACKAGE,
      'demo/a.py': '',
      'demo/c.py': '',
      'demo/skip.txt': '',
      'docs/alpha.md': '',
      'docs/zeta.md': '',
      'docs/1.txt': '',
      'docs/12.txt': '',
      'docs/ay.rst': '',
      'docs/xy.rst': '',
      'setup.cfg': '',
      '.hidden.cfg': '',
      'assets/img/a.png': 'png',
      'assets/file.txt': 'f',
    },
  },
  {
    name: 'git-ignored',
    git: '.',
    files: {
      'pyproject.toml': classic(
        'include = [{path = "demo/generated.py", format = ["sdist", "wheel"]}, {path = "built/*.js", format = "wheel"}]',
        PYTHON,
      ),
      ...PACKAGE,
      '.gitignore': '*.log\ngenerated.py\n/demo/cache/\nbuilt/\nother.py\n',
      'demo/.gitignore': 'local.py\n',
      'demo/debug.log': 'log',
      'demo/generated.py': 'made = 1\n',
      'demo/other.py': '',
      'demo/local.py': '',
      'demo/cache/x.py': '',
      'demo/sub/local.py': '',
      'built/a.js': 'js',
      'built/b.css': 'css',
    },
  },
  {
    name: 'git-monorepo',
    git: '.',
    folder: 'packages/demo',
    files: {
      '.gitignore': '*.log\n',
      'packages/demo/pyproject.toml': classic('', PYTHON),
      'packages/demo/demo/__init__.py': '',
      'packages/demo/demo/x.log': '',
      'packages/demo/.gitignore': 'tmp.py\n',
      'packages/demo/demo/tmp.py': '',
    },
  },
  {
    name: 'git-whole-ignored',
    git: '.',
    folder: 'vendor/demo',
    files: {
      '.gitignore': 'vendor/\n',
      'vendor/demo/pyproject.toml': classic('', PYTHON),
      'vendor/demo/demo/__init__.py': '',
      'vendor/demo/demo/kept.py': '',
    },
  },
  {
    name: 'links',
    files: {
      'pyproject.toml': classic('include = ["linked.txt"]', PYTHON),
      ...PACKAGE,
      'shared/data.txt': 'data',
      'shared/more/x.py': '',
      'linked.txt': { link: 'shared/data.txt' },
      'demo/same.py': { link: '__init__.py' },
      'demo/deep': { link: '../shared/more' },
      'demo/copy.txt': { link: '../shared/data.txt' },
    },
  },
  {
    name: 'link-outside-src',
    files: {
      'pyproject.toml': classic('packages = [{include = "demo", from = "src"}]', PYTHON),
      'src/demo/__init__.py': '',
      'shared.txt': 'shared',
      'src/demo/shared.txt': { link: '../../shared.txt' },
    },
  },
  {
    name: 'odd-names',
    files: {
      'pyproject.toml': classic('include = ["a b/**/*"]', PYTHON),
      ...PACKAGE,
      'demo/with space.txt': '1',
      'demo/comma,name.txt': '2',
      'demo/quote"name.txt': '3',
      'demo/ünïcode.txt': '4',
      'demo/日本語/ファイル.py': '5',
      [`demo/${'long'.repeat(30)}/file.txt`]: '6',
      'a b/c d.txt': '7',
      'demo/Upper.py': '',
      'demo/_under.py': '',
      'demo/a/b.py': '',
      'demo/a-c.py': '',
      'demo/a.py': '',
    },
  },
  {
    name: 'modes',
    files: {
      'pyproject.toml': standard(
        'requires-python = ">=3.9"',
        '[tool.poetry.scripts]\nrun = {reference = "bin/run.sh", type = "file"}\nplain = {reference = "bin/plain", type = "file"}\n',
      ),
      ...PACKAGE,
      'demo/tool.sh': { executable: '#!/bin/sh\n' },
      'bin/run.sh': { executable: '#!/bin/sh\necho run\n' },
      'bin/plain': 'plain\n',
      LICENSE: { executable: 'MIT\n' },
      'demo/bytes.bin': { bytes: [0, 255, 13, 10, 1] },
    },
  },
];

/** What METADATA says. */
const METADATA: readonly Project[] = [
  {
    name: 'metadata-full',
    files: {
      'pyproject.toml': standard(
        `requires-python = ">=3.9,<4"
readme = "README.md"
license = "mit or apache-2.0"
license-files = ["LICEN[CS]E*", "legal/**/*.txt"]
authors = [{name = "Ada Lovelace", email = "ada@example.com"}, {name = "B"}]
maintainers = [{email = "only@example.com"}]
keywords = ["one", "two words"]
classifiers = ["Topic :: Software Development", "Development Status :: 4 - Beta"]
dependencies = ["requests[security,socks]>=2.28,<3", "tomli; python_version < '3.11'", "six"]
[project.urls]
homepage = "https://example.com"
Source = "https://example.com/src"
documentation = "https://example.com/docs"
Repository = "https://example.com/repo"
"Bug Tracker" = "https://example.com/bugs"
Donate = "https://example.com/donate"
[project.optional-dependencies]
cli = ["click>=8", "rich ; sys_platform != 'win32'"]
All_Of-it = ["click", "rich"]
[project.scripts]
demo = "demo:main"
a-z = "demo.cli:run"
"a" = "demo:a"
[project.gui-scripts]
demo-gui = "demo.gui:main"
[project.entry-points."demo.plugins"]
z = "demo.z"
b = "demo.b:B [cli]"
[project.entry-points.a_first]
x = "demo:x"`,
      ),
      ...PACKAGE,
      'README.md': '# Demo\r\n\r\nText with Ünïcode.\r\n',
      LICENSE: 'MIT\n',
      'legal/a.txt': 'a',
      'legal/deep/b.txt': 'b',
    },
  },
  {
    name: 'metadata-classic',
    files: {
      'pyproject.toml': classic(
        `license = "Apache-2.0"
readme = ["README.md", "CHANGELOG.md"]
maintainers = ["Grace Hopper <grace@example.com>", "Other"]
homepage = "https://example.com"
repository = "https://example.com/repo"
documentation = "https://example.com/docs"
keywords = ["packaging", "demo"]
classifiers = ["Topic :: Utilities", "Programming Language :: Python :: Implementation :: CPython", "Programming Language :: Python :: 3.9"]`,
        `[tool.poetry.urls]
"Bug Tracker" = "https://example.com/bugs"
Changelog = "https://example.com/changes"
[tool.poetry.dependencies]
python = ">=3.8,<3.12"
click = {version = "^8.1", optional = true}
rich = {version = ">=10,!=11.0.0", optional = true, python = "<3.10"}
httpx = {version = "~0.23.1", extras = ["http2", "brotli"]}
pywin = {version = "*", platform = "win32"}
multi = [{version = "^1", python = "<3.9"}, {version = "^2", python = ">=3.9"}]
marked = {version = "==1.*", markers = "platform_machine == 'x86_64' or extra == 'never'"}
loose = "*"
exact = "1.2.3"
caret0 = "^0.2"
wild = "2.*"
alt = "<2 || >=3"
[tool.poetry.extras]
cli = ["click", "rich"]
Pretty_Print = ["rich"]
[tool.poetry.scripts]
demo = "demo:main"
other = {reference = "demo:other", type = "console"}
[tool.poetry.plugins."demo.plugins"]
one = "demo.one:One"
[tool.poetry.group.dev.dependencies]
pytest = "*"
`,
      ),
      ...PACKAGE,
      'README.md': '# Demo\n',
      'CHANGELOG.md': '# Changes\n\nMany.\n',
      COPYING: 'text',
      'AUTHORS.rst': 'us',
      'LICENSES/MIT.txt': 'mit',
      'LICENSES/deep/BSD.txt': 'bsd',
    },
  },
  {
    name: 'dynamic-mixed',
    files: {
      'pyproject.toml': `[project]
name = "demo"
dynamic = ["version", "readme", "classifiers", "dependencies", "requires-python"]
description = "mixed"
license = {text = "BSD-3-Clause"}
[project.optional-dependencies]
extra = ["pkg-a>=1"]
[tool.poetry]
version = "1.2.3rc1"
readme = "README.rst"
classifiers = ["Framework :: AsyncIO"]
[tool.poetry.dependencies]
python = "^3.10"
six = "^1.16"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,
      ...PACKAGE,
      'README.rst': 'Demo\n====\n',
    },
  },
  {
    name: 'enriched',
    files: {
      'pyproject.toml': standard(
        'requires-python = ">=3.9"\ndependencies = ["six>=1.16", "idna", "attrs<30"]',
        `[tool.poetry.dependencies]
python = ">=3.10,<3.14"
six = {git = "https://example.com/six.git"}
idna = {version = "^3", source = "internal"}
[[tool.poetry.source]]
name = "internal"
url = "https://index.example/simple/"
priority = "explicit"
`,
      ),
      ...PACKAGE,
    },
  },
  {
    name: 'origins',
    folder: 'project',
    files: {
      'near/pyproject.toml': standard(''),
      'project/pyproject.toml': classic(
        '',
        `[tool.poetry.dependencies]
python = ">=3.9"
near = {path = "../near", develop = true}
inner = {path = "libs/inner dir"}
wheel = {path = "libs/wheel-1.0-py3-none-any.whl"}
archive = {url = "https://example.com/a/archive-1.0.tar.gz", subdirectory = "sub"}
gitted = {git = "https://github.com/demo/gitted.git", tag = "v1", extras = ["x"], subdirectory = "py"}
sshed = {git = "ssh://git@github.com/demo/sshed.git", branch = "main", python = "<3.12"}
`,
      ),
      'project/demo/__init__.py': '',
      'project/libs/inner dir/pyproject.toml': standard(''),
      'project/libs/wheel-1.0-py3-none-any.whl': 'PK',
    },
  },
  {
    name: 'origins-standard',
    files: {
      'pyproject.toml': standard(
        `dependencies = ["a @ https://example.com/a-1.0-py3-none-any.whl", "b[x] @ git+https://github.com/demo/b.git@main#subdirectory=sub ; python_version >= '3.9'",
 "c (>=1,<2)", "d ~= 1.4.2", "e == 1.0", "f != 1.3.*, >= 1.0", "g>1.0.post1", 'h>=2; extra == "z" and os_name == "posix"',
 "i==1.0.0+local", "J.K_l>=1", "m[b,a]; python_full_version >= '3.9.1' and (sys_platform == 'linux' or sys_platform == 'darwin')"]`,
      ),
      ...PACKAGE,
    },
  },
  {
    name: 'license-file',
    files: {
      'pyproject.toml': standard(
        'license = {file = "OWN"}\nreadme = {file = "README.txt", content-type = "text/x-rst"}',
      ),
      ...PACKAGE,
      OWN: 'Own licence\r\n\r\nAll rights reserved.\n',
      'NOTICE.txt': 'notice',
      'README.txt': 'hello',
    },
  },
  {
    name: 'readme-text',
    files: {
      'pyproject.toml': standard(
        'readme = {text = "Inline\\ntext", content-type = "text/markdown"}\nlicense = "LicenseRef-Own"\nlicense-files = []',
      ),
      ...PACKAGE,
      LICENSE: 'left out',
    },
  },
  { name: 'license-glob-missing', files: { 'pyproject.toml': standard('license-files = ["NO*"]'), ...PACKAGE } },
  { name: 'readme-missing', files: { 'pyproject.toml': standard('readme = "README.md"'), ...PACKAGE } },
  {
    name: 'readme-folder',
    files: { 'pyproject.toml': standard('readme = "docs"'), ...PACKAGE, 'docs/x': '' },
  },
  {
    name: 'pythons',
    files: { 'pyproject.toml': classic('', '[tool.poetry.dependencies]\npython = "~2.7 || ^3.6"\n'), ...PACKAGE },
  },
  {
    name: 'python-gaps',
    files: {
      'pyproject.toml': classic('', '[tool.poetry.dependencies]\npython = ">=3.8,!=3.9.*,<4"\n'),
      ...PACKAGE,
    },
  },
  { name: 'python-any', files: { 'pyproject.toml': standard(''), ...PACKAGE } },
  {
    name: 'names-versions',
    files: {
      'pyproject.toml': standard('requires-python = ">=3.9"')
        .replace('"demo"', '"My.Odd__Name"')
        .replace('0.1.0', '1!2.0-a3.post4+Ubuntu-1_x'),
      'my_odd_name/__init__.py': '',
    },
  },
  {
    name: 'people',
    files: {
      'pyproject.toml': classic('maintainers = ["Zoë de\u0301 Test"]', PYTHON),
      ...PACKAGE,
    },
  },
  {
    name: 'author-invalid',
    files: { 'pyproject.toml': classic('', PYTHON).replace('Ada Lovelace <ada', 'Ada <x> <ada'), ...PACKAGE },
  },
  {
    name: 'urls-custom',
    files: {
      'pyproject.toml': classic(
        'homepage = "https://example.com"',
        '[tool.poetry.urls]\nHomepage = "https://other.example"\nHelp = "https://example.com/help"\nDocs = "https://example.com/d"\nDonate = "https://example.com/e"\n',
      ),
      ...PACKAGE,
    },
  },
];

/** Options, settings, scripts. */
const WAYS: readonly Project[] = [
  {
    name: 'local-version',
    args: ['-c', 'local-version=Cu118.x', '-c', 'other=1'],
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE },
  },
  {
    name: 'only-wheel',
    args: ['-f', 'wheel', '-o', 'out/deep', '-l', 'foo'],
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE },
  },
  {
    name: 'clean',
    args: ['--clean', '--format=sdist', '--output=dist'],
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE, 'dist/old.txt': 'old' },
  },
  {
    name: 'epoch',
    env: { SOURCE_DATE_EPOCH: '1700000001' },
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE },
  },
  {
    name: 'epoch-invalid',
    env: { SOURCE_DATE_EPOCH: 'today' },
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE },
  },
  {
    name: 'epoch-early',
    env: { SOURCE_DATE_EPOCH: '100' },
    files: { 'pyproject.toml': standard('requires-python = ">=3.9"'), ...PACKAGE },
  },
  { name: 'no-backend', files: { 'pyproject.toml': '[project]\nname = "demo"\nversion = "1"\n', ...PACKAGE } },
  {
    name: 'non-package',
    files: { 'pyproject.toml': standard('', '[tool.poetry]\npackage-mode = false\n'), ...PACKAGE },
  },
  { name: 'format-invalid', args: ['-f', 'egg'], files: { 'pyproject.toml': standard(''), ...PACKAGE } },
  { name: 'setting-invalid', args: ['-c', 'x'], files: { 'pyproject.toml': standard(''), ...PACKAGE } },
  {
    name: 'script-missing',
    files: {
      'pyproject.toml': classic('', '[tool.poetry.scripts]\nrun = {reference = "bin/none", type = "file"}\n'),
      ...PACKAGE,
    },
  },
  {
    name: 'script-folder',
    files: {
      'pyproject.toml': classic('', '[tool.poetry.scripts]\nrun = {reference = "demo", type = "file"}\n'),
      ...PACKAGE,
    },
  },
  {
    name: 'setup-file',
    files: {
      'pyproject.toml': classic(
        `readme = "README.md"
homepage = "https://example.com"
packages = [{include = "demo", from = "src"}, {include = "second", from = "lib"}, {include = "mod.py"}, {include = "third"}]
exclude = ["src/demo/data/no.txt"]
[tool.poetry.build]
generate-setup-file = true`,
        `[tool.poetry.dependencies]
python = "^3.9"
six = ">=1.16,<2"
click = {version = "^8.1", optional = true, python = "<3.12"}
rich = {version = "^10", optional = true}
httpx = {version = "~0.23.1", extras = ["http2", "brotli"], markers = "sys_platform == 'linux' and platform_machine != 'ppc64le'"}
a-rather-long-name-for-a-dependency = {version = ">=1.0.0,<1.5 || >=1.7,<2.0.0"}
[tool.poetry.extras]
cli = ["click", "rich"]
[tool.poetry.scripts]
demo = "demo:main"
copied = {reference = "bin/copied.sh", type = "file"}
[tool.poetry.plugins."demo.plugins"]
one = "demo.one:One"
`,
      ),
      'README.md': `# It's "quoted"\n\tTab and ünïcode \u200b zero width\n`,
      'src/demo/__init__.py': '',
      'src/demo/sub/__init__.py': '',
      'src/demo/sub/deep/x.json': '{}',
      'src/demo/data/yes.txt': 'y',
      'src/demo/data/no.txt': 'n',
      'src/demo/templates/a.html': '',
      'src/demo/templates/b/c.html': '',
      'lib/second/__init__.py': '',
      'lib/second/inner/__init__.py': '',
      'mod.py': '',
      'third/__init__.py': '',
      'bin/copied.sh': { executable: '#!/bin/sh\n' },
    },
  },
  {
    name: 'spellings',
    files: {
      'pyproject.toml': classic(
        'license = "MIT"\nrepository = "https://example.com/repo"',
        `[tool.poetry.urls]
Homepage = "https://example.com/custom"
[tool.poetry.scripts]
own = "demo:own"
dotted = {reference = "./bin//run", type = "file"}
[tool.poetry.plugins.console-scripts]
instead = "demo:instead"
[tool.poetry.build]
generate-setup-file = true
${PYTHON}`,
      ),
      ...PACKAGE,
      'bin/run': { executable: '#!/bin/sh\n' },
    },
  },
  {
    name: 'license-order',
    files: {
      'pyproject.toml': standard('license = "MIT"\nlicense-files = ["**/L*"]'),
      ...PACKAGE,
      'demo/LICENSE': 'within\n',
      'demo-more/LICENSE': 'beside\n',
    },
  },
  {
    name: 'setup-file-module',
    files: {
      'pyproject.toml': classic('[tool.poetry.build]\ngenerate-setup-file = true', PYTHON),
      'src/demo.py': '',
    },
  },
];

const EXTENSION = `#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_ext"};
PyMODINIT_FUNC PyInit__ext(void) { return PyModule_Create(&module); }
`;

function withBackend(text: string, requires: string): string {
  return text.replace('requires = ["poetry-core>=2.0.0"]', `requires = ${requires}`);
}

/** What is built in an environment of its own. */
const ISOLATED: readonly Project[] = [
  {
    name: 'script-setup',
    isolated: true,
    files: {
      'pyproject.toml': withBackend(
        classic('[tool.poetry.build]\nscript = "compile.py"\ngenerate-setup-file = true', PYTHON),
        '["poetry-core", "setuptools"]',
      ),
      ...PACKAGE,
      'demo/_ext.c': EXTENSION,
      'compile.py': `from setuptools import Extension\n\ndef build(arguments):\n    arguments["ext_modules"] = [Extension("demo._ext", ["demo/_ext.c"])]\n`,
    },
  },
  {
    name: 'script-plain',
    isolated: true,
    git: '.',
    files: {
      'pyproject.toml': classic(
        'build = "generate.py"\ninclude = [{path = "demo/made.py", format = "wheel"}]\n[tool.poetry.scripts]\nmade = {reference = "bin/made", type = "file"}',
        PYTHON,
      ),
      ...PACKAGE,
      '.gitignore': 'made.py\n',
      'generate.py': `import os\nopen("demo/made.py", "w").write("made = True\\n")\nos.makedirs("bin", exist_ok=True)\nopen("bin/made", "w").write("#!/bin/sh\\n")\n`,
    },
  },
  {
    name: 'older-core',
    isolated: true,
    files: {
      'pyproject.toml': withBackend(classic('license = "MIT"', PYTHON), '["poetry-core>=1.9,<2.0"]'),
      ...PACKAGE,
    },
  },
  {
    name: 'setuptools',
    isolated: true,
    env: { SOURCE_DATE_EPOCH: '1700000000' },
    files: {
      'pyproject.toml':
        '[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.9"\n[build-system]\nrequires = ["setuptools>=68"]\nbuild-backend = "setuptools.build_meta"\n',
      ...PACKAGE,
    },
  },
];

/** For `round-trip.ts`: with all that twine asks for. */
const ROUND_TRIP: Project = {
  name: 'round-trip',
  files: {
    'pyproject.toml': standard(
      'requires-python = ">=3.9"\nreadme = "README.md"\nlicense = "MIT"\n[project.scripts]\ndemo = "demo:main"',
    ),
    'demo/__init__.py': 'def main():\n    return "hello from demo"\n',
    'README.md': '# Demo\n\nA demo.\n',
    LICENSE: 'MIT\n',
  },
};

export const PROJECTS: readonly Project[] = [...LAYOUTS, ...METADATA, ...WAYS, ...ISOLATED, ROUND_TRIP];
