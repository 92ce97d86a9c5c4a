/** `python remove`: a Python that `python install` installed. */

import { join } from 'node:path';
import { argumentList, type Command, flag } from '../cli/command.ts';
import { implementationOf, PYTHON_BUILD_OPTIONS } from './_python-build.ts';

export const command: Command = {
  name: 'python remove',
  description: 'Remove the specified Python version if managed by Poetry. (experimental feature)',
  arguments: [{ name: 'python', multiple: true, description: 'The python version to remove.' }],
  options: [...PYTHON_BUILD_OPTIONS],
  async run(context, input) {
    const managed = await import('../app/managed-python.ts');
    const folder = await managed.managedFolder(context);
    const implementation = implementationOf(input);
    let refused = 0;
    for (const given of argumentList(input, 'python')) {
      const request = managed.pythonRequest(given, flag(input, 'free-threaded'));
      const plain = given.replace(/t$/, '');
      if (request === undefined || request.version.split('.').length < 3) {
        const advice =
          request === undefined
            ? ''
            : '\n\nYou need to provide an exact Python version in the format X.Y.Z to be removed.\n\nYou can use poetry python list -m to list installed Poetry managed Python versions.';
        context.emit({ kind: 'notice', text: `Invalid Python version requested ${plain}${advice}` });
        refused += 1;
        continue;
      }
      const name = managed.managedName(request.version, implementation, request.freeThreaded);
      const title = managed.pythonTitle(request.version, implementation, request.freeThreaded);
      const place = join(folder, name);
      if (managed.removeManaged(folder, name)) {
        context.emit({ kind: 'line', level: 1, text: `Installation path: ${place}` });
        context.emit({ kind: 'line', text: `Removing installation ${title} ... Done` });
      } else context.emit({ kind: 'line', text: `No installation was found at ${place}.` });
    }
    return refused;
  },
};
