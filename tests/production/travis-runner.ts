/**
 * A small Travis: the phases of a `.travis.yml` in one shell, by its rules. A command that fails in `before_install`, `install` or
 * `before_script` ends the job as errored; in `script` the rest still runs, and the job has failed. https://docs.travis-ci.com/user/job-lifecycle/
 */

/** The job as one program for bash; its exit code is 0 for passed, 1 for failed, 2 for errored. */
export function travisJob(text: string): string {
  const job = Bun.YAML.parse(text) as Readonly<Record<string, unknown>>;
  const lines = (phase: string): readonly string[] => {
    const value = job[phase];
    return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);
  };
  const setup = ['before_install', 'install', 'before_script'].flatMap(lines);
  const variables = lines('env').map((line) => `export ${line}`);
  return [
    'export CI=true TRAVIS=true CONTINUOUS_INTEGRATION=true',
    ...variables,
    'result=0',
    ...setup.map((line) => `echo ${quoted(`$ ${line}`)}\n{ ${line}\n} || { echo errored >&2; exit 2; }`),
    ...lines('script').map((line) => `echo ${quoted(`$ ${line}`)}\n{ ${line}\n} || result=1`),
    'exit $result',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
