/** `publish`: the built files to PyPI or another repository. */

import { type Command, flag, value } from '../cli/command.ts';

export const command: Command = {
  name: 'publish',
  description: 'Upload the sdist and the wheels of the project.',
  arguments: [],
  options: [
    {
      name: 'repository',
      short: 'r',
      takesValue: true,
      description: 'Where to: a name of `config repositories`. PyPI without it.',
    },
    { name: 'username', short: 'u', takesValue: true, description: 'The user name there.' },
    { name: 'password', short: 'p', takesValue: true, description: 'The password there.' },
    { name: 'cert', takesValue: true, description: 'A file with the certificates of its authority.' },
    { name: 'client-cert', takesValue: true, description: 'A file with the certificate and key to come with.' },
    { name: 'dist-dir', takesValue: true, default: 'dist', description: 'The folder of the built files.' },
    { name: 'build', description: 'Build first.' },
    { name: 'dry-run', description: 'Do everything but the upload.' },
    { name: 'skip-existing', description: 'Files that are there already count as done.' },
  ],
  help: `The files of the highest version in the folder are uploaded. Tokens and passwords come from the settings, the keyring and the
environment; a job of GitHub Actions or GitLab CI that has none publishes with its own identity (trusted publishing).

  poetry config pypi-token.pypi TOKEN
  poetry publish --build
  poetry config repositories.internal https://index.example/legacy/
  poetry publish -r internal --skip-existing`,
  async run(context, input) {
    const { publish } = await import('../app/publish.ts');
    return publish(context, {
      repository: value(input, 'repository'),
      username: value(input, 'username'),
      password: value(input, 'password'),
      cert: value(input, 'cert') || undefined,
      clientCert: value(input, 'client-cert') || undefined,
      distDir: value(input, 'dist-dir') || 'dist',
      build: flag(input, 'build'),
      dryRun: flag(input, 'dry-run'),
      skipExisting: flag(input, 'skip-existing'),
    });
  },
};
