/** The files that git does not keep: those that `.gitignore` and its like name, where the project lies in a work tree. */

import { run } from '../process/spawn.ts';

/**
 * Paths relative to the project with `/`; none where there is no git, no work tree, or where the project's folder is ignored
 * itself.
 */
export async function ignoredFiles(projectDir: string): Promise<readonly string[]> {
  const inside = await run('git', ['rev-parse', '--show-cdup'], { cwd: projectDir });
  if (inside.code !== 0) return [];
  const whole = await run('git', ['check-ignore', '-q', '.'], { cwd: projectDir });
  if (whole.code === 0) return [];
  const listed = await run('git', ['ls-files', '--others', '--ignored', '--exclude-standard', '-z'], {
    cwd: projectDir,
  });
  return listed.code === 0 ? listed.stdout.split('\0').filter((path) => path !== '') : [];
}
