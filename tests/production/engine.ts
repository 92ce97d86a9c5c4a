/**
 * A Docker engine for a stage: the one that `DOCKER_HOST` names, else Debian's `dockerd`, started with a data folder and a socket of its own and ended by
 * its process id. Containers use the machine's network (or none), so that no bridge and no firewall rule is left behind.
 *
 * Its base image stands for `python:X.Y-slim`, which comes from a registry that may be out of reach: Debian by `debootstrap`, and the CPython
 * that the stage uses, in `/usr/local`.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, type RunOptions, Skipped, type Stage } from './stage.ts';

export interface Engine extends AsyncDisposable {
  /** A command of `docker`. */
  docker(command: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Goes before other programs and lines that speak with the engine. */
  readonly env: Readonly<Record<string, string>>;
}

const DEBIAN = [
  ...['ca-certificates', 'curl', 'jq', 'netbase', 'tzdata', 'zstd'],
  ...[
    'libbz2-1.0',
    'libffi8',
    'liblzma5',
    'libncursesw6',
    'libreadline8',
    'libsqlite3-0',
    'libssl3',
    'libuuid1',
    'zlib1g',
  ],
];

/** Throws `Skipped` where there is none and none can be started. */
export async function startEngine(stage: Stage): Promise<Engine> {
  const program = ['/usr/bin/docker', '/usr/local/bin/docker'].find((file) => existsSync(file));
  if (program === undefined) throw new Skipped('there is no docker (Debian: docker.io)');
  const folder = join(stage.home, 'engine');
  const given = process.env.DOCKER_HOST;
  // Of several clients on PATH, lines for a shell take the same.
  const programs = join(stage.home, 'engine-bin');
  mkdirSync(programs);
  symlinkSync(program, join(programs, 'docker'));
  const env = {
    DOCKER_BUILDKIT: '1',
    DOCKER_HOST: given ?? `unix://${folder}/socket`,
    PATH: `${programs}:${stage.env.PATH}`,
  };
  const docker: Engine['docker'] = (command, options = {}) =>
    stage.run([program, ...command], { ...options, env: { ...env, ...options.env } });
  const isUp = async (): Promise<boolean> => (await docker(['info'], { code: 'any' })).code === 0;
  if (given !== undefined) {
    if (!(await isUp())) throw new Skipped(`no engine answers at ${given}`);
    return { docker, env, async [Symbol.asyncDispose]() {} };
  }

  const daemon = Bun.which('dockerd', { PATH: stage.env.PATH ?? '' });
  if (daemon === null) throw new Skipped('there is no dockerd (Debian: docker.io), and DOCKER_HOST names no engine');
  if (process.getuid?.() !== 0)
    throw new Skipped('dockerd can be started by root only; DOCKER_HOST may name an engine');
  mkdirSync(folder);
  const log = join(folder, 'log');
  const child = Bun.spawn(
    [
      ...[daemon, '--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '--pidfile', `${folder}/pid`],
      ...['--host', env.DOCKER_HOST, '--bridge', 'none', '--iptables=false'],
    ],
    { env: { ...stage.env }, stdin: 'ignore', stdout: Bun.file(log), stderr: Bun.file(log) },
  );
  const end = (): void => child.kill('SIGTERM');
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    end();
    await child.exited;
    process.removeListener('exit', end);
    // What dockerd leaves mounted.
    await stage.run(['umount', `${folder}/exec/netns/default`], { code: 'any' });
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await isUp()); tries += 1) {
    if (tries < 100 && child.exitCode === null) {
      await Bun.sleep(200);
      continue;
    }
    const text = readFileSync(log, 'utf8').trimEnd();
    await stop();
    throw new Skipped(`dockerd does not come up: ${text.slice(text.lastIndexOf('\n') + 1)}`);
  }
  return { docker, env, [Symbol.asyncDispose]: stop };
}

/** Makes the image `tag` of Debian and the CPython at `python`, unless the engine has it. Throws `Skipped` where it cannot. */
export async function provideBaseImage(stage: Stage, engine: Engine, tag: string, python: string): Promise<void> {
  if ((await engine.docker(['image', 'inspect', tag], { code: 'any' })).code === 0) return;
  if (Bun.which('debootstrap', { PATH: stage.env.PATH ?? '' }) === null) {
    throw new Skipped(`the engine has no ${tag}, and there is no debootstrap to make it with`);
  }
  const root = join(stage.home, 'base');
  const mirror = (
    await stage.shell("apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1")
  ).out.trim();
  const made = await stage.run(
    ['debootstrap', '--variant=minbase', `--include=${DEBIAN.join(',')}`, 'bookworm', root, mirror],
    { code: 'any' },
  );
  if (made.code !== 0) throw new Skipped(`debootstrap cannot make ${tag}: ${made.out.trimEnd().split('\n').at(-1)}`);
  await installCPython(stage, python, join(root, 'usr/local'));
  // It trusts whom this machine trusts.
  await stage.shell(`cp -R /usr/local/share/ca-certificates base/usr/local/share/ 2>/dev/null || true
rm -rf base/var/cache/apt/archives/*.deb base/var/lib/apt/lists/*`);
  const setUp = 'set -e; ldconfig; update-ca-certificates; python -m ensurepip --default-pip';
  await stage.run(['chroot', root, 'sh', '-c', setUp], { env: { HOME: '/root', TMPDIR: '/tmp' } });
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  const change = `ENV SSL_CERT_FILE=${bundle} REQUESTS_CA_BUNDLE=${bundle}`;
  await stage.shell(`tar -C base -cf - . | docker import --change '${change}' - ${tag}`, { env: engine.env });
  rmSync(root, { recursive: true, force: true });
}

/** Copies the CPython at `python` into `prefix`, without its tests and what was installed into it. */
export async function installCPython(stage: Stage, python: string, prefix: string): Promise<void> {
  const facts = 'import sys; print(sys.prefix, "%d.%d" % sys.version_info[:2])';
  const [from, minor] = (await stage.run([python, '-c', facts])).out.trim().split(' ');
  await stage.shell(`set -e; mkdir -p ${prefix}/bin ${prefix}/lib
cp -a ${from}/bin/python${minor} ${prefix}/bin/
ln -sf python${minor} ${prefix}/bin/python3; ln -sf python${minor} ${prefix}/bin/python
cp -a ${from}/lib/libpython${minor}.so* ${prefix}/lib/ 2>/dev/null || true
tar -C ${from}/lib --exclude='site-packages/*' --exclude=test --exclude=__pycache__ -cf - python${minor} | tar -C ${prefix}/lib -xf -`);
}
