/** `python install`: a Python of the Python Standalone Builds project, or PyPy. */

import { join } from 'node:path';
import { argument, type Command, flag } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { implementationOf, PYTHON_BUILD_OPTIONS } from './_python-build.ts';

export const command: Command = {
  name: 'python install',
  description: 'Install the specified Python version from the Python Standalone Builds project. (experimental feature)',
  arguments: [{ name: 'python', description: 'The python version to install.' }],
  options: [
    { name: 'clean', short: 'c', description: 'Clean up installation if check fails.' },
    ...PYTHON_BUILD_OPTIONS,
    { name: 'reinstall', short: 'r', description: 'Reinstall if installation already exists.' },
  ],
  help: `Archives come from TERCET_PYTHON_MIRROR (or PBS_INSTALLER_BASE_URL), a folder with them and their SHA256SUMS; without one from the
releases of the Python Standalone Builds project and of PyPy.`,
  async run(context, input) {
    const managed = await import('../app/managed-python.ts');
    const { emit } = context;
    const notice = (text: string): number => {
      emit({ kind: 'notice', text });
      return 1;
    };
    const given = argument(input, 'python') ?? '';
    const implementation = implementationOf(input);
    const request = managed.pythonRequest(given, flag(input, 'free-threaded'));
    if (request === undefined) return notice(`Invalid Python version requested ${given.replace(/t$/, '')}`);
    const { version, freeThreaded } = request;
    const [, minor = '13'] = version.split('.');
    if (freeThreaded && (!version.startsWith('3') || Number(minor) < 13)) {
      return notice(
        '\nFree threading is not supported for Python versions prior to 3.13.0.\n\nSee https://docs.python.org/3/howto/free-threading-python.html for more information.\n',
      );
    }
    const build =
      implementation === 'pypy' && !freeThreaded
        ? await managed.findPypyBuild(context, version)
        : implementation === 'cpython'
          ? await managed.findBuild(context, version, freeThreaded)
          : undefined;
    if (build === undefined) return notice('No suitable standalone build found for the requested Python version.');
    const folder = await managed.managedFolder(context);
    const place = join(folder, managed.managedName(build.version, implementation, freeThreaded));
    const there = async () => {
      try {
        return await managed.managedFacts(place);
      } catch (error) {
        if (!(error instanceof TercetError)) throw error;
        throw managed.brokenPython([place], error);
      }
    };
    if (!flag(input, 'reinstall') && (await there()) !== undefined) {
      return notice(
        `Python version already installed at ${place}.\n\nUse --reinstall to install anyway, or use poetry python remove ${build.version} first.`,
      );
    }
    const title = managed.pythonTitle(version, implementation, freeThreaded);
    try {
      await managed.installBuild(context, build, folder);
    } catch (error) {
      emit({ kind: 'line', text: `Downloading and installing ${title} ... Failed` });
      throw error;
    }
    emit({ kind: 'line', text: `Downloading and installing ${title} ... Done` });
    try {
      if ((await there()) === undefined) throw managed.brokenPython([place], undefined);
    } catch (error) {
      emit({ kind: 'line', text: `Testing ${title} ... Failed` });
      if (
        flag(input, 'clean') &&
        managed.removeManaged(folder, managed.managedName(build.version, implementation, freeThreaded))
      ) {
        const exact = managed.pythonTitle(build.version, implementation, freeThreaded);
        emit({ kind: 'line', text: `Removing installation ${exact} ... Done` });
      }
      throw error;
    }
    emit({ kind: 'line', text: `Testing ${title} ... Done` });
    return 0;
  },
};
