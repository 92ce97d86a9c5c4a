/** Projects and the command lines that are run in them, one after the other. */

/** Words of a command line, or all in one: separated by spaces, with `_` for a space in a word. The same stand-ins as in files. */
export type CommandLine = string | readonly string[];

/** What `pyproject.toml` is to say from here on: people edit it too. */
export interface Edit {
  readonly edit: string;
}

export type Line = CommandLine | Edit;

export interface Scenario {
  readonly name: string;
  /** Path → text. `<index>` and `<corp>` stand for the addresses of the indexes, `<project>` for the project's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
}

const STANDARD = `[project]
name = "demo"
version = "1.2.3"
description = "A project"
authors = [{name = "Ann", email = "ann@example.org"}]
requires-python = ">=3.9"
dependencies = ["alpha (>=1.0,<2.0)"]

[project.optional-dependencies]
fast = ["epsilon (>=1.0)"]

[dependency-groups]
dev = ["gamma-ray>=0.3"]

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
zeta = "*"

[tool.poetry]
package-mode = false

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
`;

const LEGACY = `[tool.poetry]
name = "old-demo"
version = "0.1.0"
description = ""
authors = ["Ann <ann@example.org>"]
package-mode = false

[tool.poetry.dependencies]
python = "^3.9"
alpha = "^1.0" # the first
epsilon = {version = "*", optional = true}

[tool.poetry.group.dev.dependencies]
beta = ">=1"

[tool.poetry.extras]
fast = ["epsilon"]
`;

const BARE = `[project]
name = "bare"
version = "0.1"
requires-python = ">=3.9"
`;

const PACKAGE = { 'src/demo/__init__.py': '' };

export const SCENARIOS: readonly (Scenario & { readonly lines: readonly string[] })[] = [
  {
    name: 'lock and show',
    files: { 'pyproject.toml': STANDARD },
    lines: [
      'show',
      'check',
      'check --lock',
      'lock',
      'lock',
      'check --lock',
      'check --strict',
      'install --dry-run',
      'install',
      'install',
      'show',
      'show --all',
      'show --top-level',
      'show -T --why',
      'show --why',
      'show --latest',
      'show -o',
      'show --outdated --why',
      'show -l -a --no-truncate',
      'show --tree',
      'show alpha',
      'show ALPHA --tree',
      'show beta --tree --why',
      'show alpha --tree --why',
      'show gamma.ray',
      'show --only dev',
      'show --only main,docs',
      'show --with docs',
      'show --with docs --tree',
      'show --without dev',
      'show --only dev --with docs',
      'show --format json',
      'show -f json -l --why',
      'show alpha -f json',
      'show epsilon -f json',
      'show -f xml',
      'show --tree -T',
      'show alpha -T',
      'show --why --tree',
      'show alpha --why',
      'show --tree -f json',
      'show nothing',
      'show --with nothing',
      'show --ansi',
      'show --ansi --tree',
      'show --ansi -l --all',
      'show --ansi alpha',
      'show alpha beta',
    ],
  },
  {
    name: 'sync, groups and extras',
    files: { 'pyproject.toml': STANDARD },
    lines: [
      'install --only main --dry-run',
      'lock',
      'install --only docs',
      'install --without dev',
      'install --extras fast',
      'install -E nothing',
      'install --all-extras -E fast',
      'install --all-extras --all-groups',
      'sync',
      'sync --only main',
      'sync --all-groups --with docs',
      'install --sync --only dev',
      'sync --only-root --dry-run',
      'install --with nothing',
      'install --only-root --no-root',
    ],
  },
  {
    name: 'add and remove',
    files: { 'pyproject.toml': STANDARD },
    lines: [
      'lock',
      'add epsilon --dry-run',
      'add epsilon',
      'add epsilon',
      'add beta@^1 --lock',
      'add beta@~1.5 --lock',
      'add iota --lock',
      'add beta --allow-prereleases --group dev --lock',
      'add eta -G new --lock',
      'add gamma.ray[fast]@* -D --lock',
      'add zeta --optional fast --lock',
      'add delta --platform win32 --lock',
      'add delta --python >=3.10 --lock',
      'add delta --markers sys_platform=="darwin" --lock',
      'add missing',
      'add alpha>=9',
      'add beta==1.0 --lock',
      'add demo',
      'add',
      'remove epsilon --dry-run',
      'remove epsilon --lock',
      'remove eta --group new --lock',
      'remove nothing',
      'remove gamma-ray --lock',
      'remove beta -D --lock',
      'remove alpha beta',
    ],
  },
  {
    name: 'legacy project',
    files: { 'pyproject.toml': LEGACY },
    lines: [
      'check',
      'lock',
      'show',
      'install -E fast',
      'add gamma-ray --lock',
      'add zeta --dev --lock',
      'add delta --optional fast --lock',
      'remove beta --lock',
      'remove gamma-ray zeta --lock',
      'version',
      'version -s',
      'version patch',
      'version 1.0',
      'export --without-hashes',
    ],
  },
  {
    name: 'update',
    files: { 'pyproject.toml': BARE.replace('>=3.9"', '>=3.9"\ndependencies = ["alpha==1.0.0", "beta<2"]') },
    lines: [
      'update --lock',
      'update alpha --dry-run',
      'update nothing',
      'update alpha>=1',
      'update --only main --dry-run',
      'lock --regenerate',
      'lock --no-such',
      'update alpha beta --lock',
    ],
  },
  {
    name: 'versions',
    files: { 'pyproject.toml': BARE },
    lines: [
      'version',
      'version --short',
      'version minor --dry-run',
      'version minor',
      'version major -s',
      'version prepatch',
      'version prerelease',
      'version prerelease --next-phase',
      'version prerelease --next-phase --dry-run -s',
      'version preminor',
      'version premajor',
      'version 2.0.0rc1',
      'version prerelease --next-phase',
      'version 1!2.3.4+local',
      'version patch',
      'version nonsense',
      'version 1 2',
    ],
  },
  {
    name: 'sources',
    files: { 'pyproject.toml': BARE },
    lines: [
      'source show',
      'source add corp https://index.example/simple/ -p supplemental',
      'source show',
      'source show corp',
      'source show nothing',
      'source add PyPI',
      'source add corp',
      'source add pypi https://index.example/',
      'source remove nothing',
      'source remove corp',
      'source show',
    ],
  },
  {
    name: 'settings',
    files: { 'pyproject.toml': BARE },
    lines: [
      'config --list',
      'config virtualenvs.in-project',
      'config virtualenvs.create false --local',
      'config virtualenvs.create --local',
      'config virtualenvs.create --local --unset',
      'config virtualenvs.create maybe',
      'config no.such.key',
      'config no.such.key 1',
      'config installer.max-workers 4',
      'config installer.max-workers',
      'config installer.max-workers 0',
      'config installer.no-binary :all:',
      'config installer.no-binary alpha',
      'config installer.no-binary',
      'config solver.min-release-age 7',
      'config solver.min-release-age-exclude alpha',
      'config repositories.corp https://index.example/legacy/',
      'config repositories.corp',
      'config repositories',
      'config repositories.nothing',
      'config --unset repositories.corp',
      'config --unset repositories.corp',
      'config http-basic.corp ann secret',
      'config --unset http-basic.corp',
      'config http-basic.corp a b c',
      'config pypi-token.corp token',
      'config pypi-token.corp',
      'config certificates.corp.cert false',
      'config certificates.corp.client-cert /etc/client.pem',
      'config --unset certificates.corp.cert',
      'config --unset certificates.corp',
      'config installer.build-config-settings.alpha {"a":"b"}',
      'config installer.build-config-settings.alpha nonsense',
      'config virtualenvs.prompt {project_name}',
      'config cache-dir /tmp/somewhere --local',
      'config --list --local',
      'config --unset cache-dir --local',
      'config --migrate',
      'config --migrate --local',
      'config',
      'config virtualenvs.create true false',
    ],
  },
  {
    name: 'check',
    files: {
      'pyproject.toml': `[project]
name = "demo"
version = "1"
license = "MIT"
classifiers = ["License :: OSI Approved :: MIT License", "No :: Such"]
readme = "missing.md"
dependencies = ["alpha"]

[tool.poetry]
name = "demo"
description = "twice"

[tool.poetry.dependencies]
alpha = {source = "nowhere"}
`,
    },
    lines: ['check', 'check --strict', 'check --lock', 'check x'],
  },
  {
    name: 'warnings of check',
    files: {
      'pyproject.toml': '[tool.poetry]\nname = "a"\nversion = "1"\ndescription = ""\nauthors = []\n',
    },
    lines: ['check', 'check --strict', 'lock', 'check --lock'],
  },
  {
    name: 'broken projects',
    files: { 'pyproject.toml': '[project]\nname = "a"\nversion = 1\n' },
    lines: ['check', 'lock', 'show', 'install', 'version'],
  },
  {
    name: 'no project',
    files: {},
    lines: ['check', 'lock', 'version', 'env info', 'config --list --local', 'nonsense', 'env'],
  },
  {
    name: 'new and init',
    files: {},
    lines: [
      'new demo -n',
      'new demo',
      'new flat --flat',
      'new acme-tool --name acme.tool --readme rst --description Tools',
      'new x --python >=3.10 --author Ann_<ann@example.org> -l MIT',
      'new y --dependency alpha --dependency beta:^1 --dev-dependency epsilon@^1.0',
      'new z --src',
      'new bad --author <>',
      'new bad --dependency missing',
      'new',
      'init -n --name here --python ^3.9 --dependency gamma-ray[fast]',
      'init -n',
      'check',
    ],
  },
  {
    name: 'environments',
    files: { 'pyproject.toml': BARE },
    lines: [
      'env info',
      'env info --path',
      'env info -e',
      'env list',
      'env remove --all',
      'env remove',
      'env use python',
      'env info -p',
      'env list',
      'env list --full-path',
      'env activate',
      'env use 9.9',
      'env remove nothing',
      'run python -c print(1)',
      'run no-such-program',
      'run python -c exit(7)',
      'env remove python',
      'env list',
    ],
  },
  {
    name: 'debugging and searching',
    files: { 'pyproject.toml': BARE },
    lines: [
      'search alpha',
      'search beta>=1.5 nothing',
      'search nothing',
      'search',
      'debug resolve',
      'debug resolve alpha gamma-ray[fast]',
      'debug resolve gamma-ray -E slow --tree',
      'debug resolve missing',
      'debug tags',
    ],
  },
  {
    name: 'exports',
    files: { 'pyproject.toml': STANDARD },
    lines: [
      'export',
      'export -o requirements.txt --with dev',
      'export -f constraints.txt --all-groups --all-extras',
      'export -f pylock.toml -o pylock.toml',
      'export -f nonsense',
      'export --with nothing',
    ],
  },
  {
    name: 'command lines',
    files: { ...PACKAGE, 'pyproject.toml': BARE },
    lines: [
      '-C nowhere check',
      '-P nowhere check',
      '-C src check',
      'check -q',
      'check --no-ansi -n',
      'lock extra',
      'add --nonsense alpha',
      'env nonsense',
      'help nonsense',
      'list nonsense',
    ],
  },
  {
    name: 'packages',
    files: { ...PACKAGE, 'README.md': '# demo', 'pyproject.toml': STANDARD.replace('package-mode = false', '') },
    lines: [
      'build',
      'build -f wheel -o out',
      'build --format sdist',
      'build -f nonsense',
      'build --clean -f wheel',
      'publish --dry-run -u ann -p secret',
      'publish --dry-run --build -n',
      'publish -r nowhere --dry-run',
      'publish --dist-dir nowhere --dry-run',
      'install --only-root',
      'lock',
      'install --only-root',
      'install --no-root --only main',
      'install',
      'sync',
      'install --no-root --only-root',
      'install --only main --with dev',
      'install --all-groups --only dev',
      'sync --dry-run --no-root',
      'show --top-level',
      'check --lock --strict',
      'about',
      'debug info extra',
    ],
  },
  {
    name: 'caches and Pythons',
    files: { 'pyproject.toml': BARE },
    lines: [
      'cache list',
      'cache clear nothing --all',
      'cache clear PyPI',
      'cache clear PyPI:alpha',
      'cache clear --all PyPI',
      'python list --managed',
      'python remove 3.99.0',
      'python list --all --managed 3.99',
      'python install 3.99.0',
      'python install x.y',
    ],
  },
  {
    name: 'yanked releases',
    files: { 'pyproject.toml': BARE },
    lines: [
      'add kappa --lock',
      'show',
      'show -o',
      'add kappa>=1.1 --lock',
      'add kappa==1.1 --lock',
      'install --dry-run',
      'install',
      'show -l',
      'update',
      'sync',
      'add lambda --lock',
      'add lambda==1.0',
      'add mu>1 --dry-run',
      'add mu@2.0',
      'lock --regenerate',
      'remove lambda',
      'export',
      'debug resolve kappa==1.1',
      'search kappa',
    ],
  },
];
