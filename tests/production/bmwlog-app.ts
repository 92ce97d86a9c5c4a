/**
 * An application of 2019 in the shape of bmwant/bmwlog: Bottle behind gunicorn, a manifest with `dev-dependencies` and Poetry's first build back end, a
 * lock of that year's form, and a dependency (Beaker) that comes as source only.
 */

export const BMWLOG_APP: Readonly<Record<string, string>> = {
  'pyproject.toml': `[tool.poetry]
name = "bmwlog"
version = "1.0.0"
description = "A blog"
authors = ["A. Author <a@example.org>"]
package-mode = false

[tool.poetry.dependencies]
python = "^3.7"
bottle = "^0.12.13"
Beaker = "~1.11"
gunicorn = "^23.0"
Jinja2 = "^3.1"
Markdown = "^3.1"

[tool.poetry.dev-dependencies]
click = "^8.0"
pytest = "^7.4"

[build-system]
requires = ["poetry>=0.12"]
build-backend = "poetry.masonry.api"
`,
  Procfile: 'web: gunicorn run:app\n',
  '.python-version': '3.11\n',
  '.gitignore': '*.pyc\n__pycache__/\n.venv/\n',
  'run.py': `import bottle
from beaker.middleware import SessionMiddleware
from jinja2 import Template

site = bottle.Bottle()


@site.route("/")
def front():
    return Template("the {{ what }} is open").render(what="blog")


app = SessionMiddleware(site, {"session.type": "cookie", "session.validate_key": "for tests only"})

if __name__ == "__main__":
    bottle.run(app, host="127.0.0.1", port=8080)
`,
  'conftest.py': '',
  'tests/test_front.py': `from run import front


def test_front():
    assert front() == "the blog is open"
`,
};

/** A lock of today in the form that Poetry 0.12 wrote: categories in place of groups, hashes in a table of their own, no names of files. */
export function lockOf2019(lock: string): string {
  const { package: packages, metadata } = Bun.TOML.parse(lock) as {
    readonly package: readonly {
      readonly name: string;
      readonly version: string;
      readonly groups: readonly string[];
      readonly files: readonly { readonly hash: string }[];
      readonly markers?: string | Readonly<Record<string, string>>;
      readonly dependencies?: Readonly<Record<string, unknown>>;
    }[];
    readonly metadata: Readonly<Record<string, string>>;
  };
  const tables = packages.map(({ name, version, groups, markers, dependencies = {} }) => {
    const wishes = Object.entries(dependencies).map(([other, wish]) => {
      const value = typeof wish === 'string' ? wish : (wish as { readonly version: string }).version;
      return `${other} = ${JSON.stringify(value)}\n`;
    });
    const marker = typeof markers === 'object' ? Object.values(markers).join(' or ') : markers;
    return `[[package]]
category = "${groups.includes('main') ? 'main' : 'dev'}"
description = ""
${marker === undefined ? '' : `marker = ${JSON.stringify(marker)}\n`}name = "${name}"
optional = false
python-versions = "*"
version = "${version}"
${wishes.length === 0 ? '' : `\n[package.dependencies]\n${wishes.join('')}`}
`;
  });
  const hashes = packages.map(
    ({ name, files }) =>
      `${name} = [${files.map(({ hash }) => JSON.stringify(hash.replace('sha256:', ''))).join(', ')}]\n`,
  );
  return `${tables.join('')}[metadata]
content-hash = "${metadata['content-hash']}"
python-versions = "^3.7"

[metadata.hashes]
${hashes.join('')}`;
}
