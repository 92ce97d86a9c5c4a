/** Texts of project files, in few words. */

/** A `pyproject.toml` with these `[project]` requirements; `more` is put at its end. */
export function project(dependencies: readonly string[], more = '', python = '>=3.9'): string {
  const list = dependencies.map((one) => `    ${JSON.stringify(one)},\n`).join('');
  return `[project]\nname = "root"\nversion = "1.0"\nrequires-python = "${python}"\ndependencies = [\n${list}]\n${more}`;
}

/** A `pyproject.toml` of `[tool.poetry]` alone; `dependencies` are the lines of its table. */
export function toolPoetry(dependencies: string, more = ''): string {
  return `[tool.poetry]\nname = "root"\nversion = "1.0"\ndescription = ""\nauthors = []\n\n[tool.poetry.dependencies]\n${dependencies}\n${more}`;
}

export function source(name: string, url: string, priority = 'primary'): string {
  return `\n[[tool.poetry.source]]\nname = "${name}"\nurl = "${url}"\npriority = "${priority}"\n`;
}
