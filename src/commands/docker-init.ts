/** `docker init`: write a Dockerfile and `.dockerignore` for the project. */

import { type Command, flag, value } from '../cli/command.ts';

export const command: Command = {
  name: 'docker init',
  description: 'Write a Dockerfile and .dockerignore for the project.',
  arguments: [],
  options: [
    { name: 'base', takesValue: true, description: 'The base image, with Python in it (default: python:X.Y-slim).' },
    { name: 'force', short: 'f', description: 'Write over files that are there.' },
  ],
  help: `Two stages: the environment is made from the lock alone, so that its layer stays until the lock changes; the last stage has the
environment, the code and a user without rights, and no tool.

  tercet docker init
  docker build -t shop:"$(tercet lock --sha1)" $(tercet docker label) .`,
  async run(context, input) {
    const { dockerInit } = await import('../app/docker-init.ts');
    await dockerInit(context, {
      executable: process.execPath,
      base: value(input, 'base'),
      force: flag(input, 'force'),
    });
    return 0;
  },
};
