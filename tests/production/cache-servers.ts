/** Real servers for a remote cache: nginx with its WebDAV module, and OpenStack Swift with its S3 interface. Each is ended by its process id. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { s3Headers } from '../../src/http/s3-signature.ts';
import { freePort } from './front-page.ts';
import { Skipped, type Stage } from './stage.ts';

export interface CacheServer {
  /** Variables of a machine that reads, and of one that may put things there as well. */
  readonly reader: Readonly<Record<string, string>>;
  readonly writer: Readonly<Record<string, string>>;
  /** At once, as by `kill -9`. */
  kill(): Promise<void>;
}

/** nginx at `address`. Throws `Skipped` where it is not installed. */
export async function startNginx(stage: Stage, address: string): Promise<CacheServer> {
  const program = Bun.which('nginx', { PATH: stage.env.PATH ?? '' });
  if (program === null) throw new Skipped('there is no nginx');
  const port = await freePort();
  const folder = join(stage.home, 'nginx');
  mkdirSync(join(folder, 'files'), { recursive: true });
  const hashed = (await stage.run(['openssl', 'passwd', '-apr1', 'secret'])).out.trim();
  stage.write('nginx/users', `ci:${hashed}\n`);
  // The block of docs/remote-cache.md, with other paths.
  const guide = readFileSync(join(import.meta.dir, '../../docs/remote-cache.md'), 'utf8');
  const location = /```nginx\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  stage.write(
    'nginx/conf',
    `user root;
pid ${folder}/pid;
events {}
http {
  access_log ${folder}/access.log;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`).join('\n  ')}
  server {
    listen ${address}:${port};
    ${location.replace('/srv/cache', `${folder}/files`).replace('/etc/nginx/cache-users', `${folder}/users`)}
  }
}
`,
  );
  const server = start(stage, [
    program,
    '-p',
    folder,
    '-c',
    join(folder, 'conf'),
    '-g',
    'daemon off; master_process off;',
  ]);
  const at = `${address}:${port}/team/`;
  await up(`http://${at}`, server.child, server.log);
  return {
    reader: { TERCET_REMOTE_CACHE: `http://${at}` },
    writer: { TERCET_REMOTE_CACHE: `http://ci:secret@${at}`, TERCET_REMOTE_CACHE_UPLOAD: '1' },
    kill: () => killed([server.child]),
  };
}

/** Swift at `address`, all of it on this machine, with one copy of everything. `programs` is the folder of its programs. */
export async function startSwift(stage: Stage, address: string, programs: string): Promise<CacheServer> {
  const folder = join(stage.home, 'swift');
  const ports = {
    proxy: await freePort(),
    account: await freePort(),
    container: await freePort(),
    object: await freePort(),
  };
  stage.write('swift/swift.conf', '[swift-hash]\nswift_hash_path_suffix = a\nswift_hash_path_prefix = b\n');
  mkdirSync(join(folder, 'devices/one'), { recursive: true });
  const common = `swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
disable_fallocate = true
user = root
workers = 0
log_udp_host = 127.0.0.1
log_udp_port = 9
`;
  const children: Bun.Subprocess[] = [];
  for (const kind of ['account', 'container', 'object'] as const) {
    const ring = join(programs, 'swift-ring-builder');
    await stage.run([ring, `${kind}.builder`, 'create', '4', '1', '1'], { cwd: 'swift' });
    await stage.run([ring, `${kind}.builder`, 'add', `r1z1-127.0.0.1:${ports[kind]}/one`, '1'], { cwd: 'swift' });
    await stage.run([ring, `${kind}.builder`, 'rebalance'], { cwd: 'swift' });
    stage.write(
      `swift/${kind}.conf`,
      `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${ports[kind]}
${common}
[pipeline:main]
pipeline = ${kind}-server

[app:${kind}-server]
use = egg:swift#${kind}
`,
    );
    children.push(start(stage, [join(programs, `swift-${kind}-server`), join(folder, `${kind}.conf`)]).child);
  }
  stage.write(
    'swift/proxy.conf',
    `[DEFAULT]
bind_ip = ${address}
bind_port = ${ports.proxy}
${common}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging s3api tempauth copy proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:copy]
use = egg:swift#copy
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_team_ci = ${SECRET} .admin
`,
  );
  const proxy = start(stage, [join(programs, 'swift-proxy-server'), join(folder, 'proxy.conf')]);
  children.push(proxy.child);
  const endpoint = `http://${address}:${ports.proxy}`;
  await up(`${endpoint}/healthcheck`, proxy.child, proxy.log);
  const keys = { accessKeyId: 'team:ci', secretAccessKey: SECRET, region: 'us-east-1' };
  const url = new URL(`${endpoint}/wheels`);
  const made = await fetch(url, { method: 'PUT', headers: s3Headers({ method: 'PUT', url, now: new Date() }, keys) });
  if (made.status !== 200) throw new Error(`the bucket cannot be made: ${made.status} ${await made.text()}`);
  const reader = {
    TERCET_REMOTE_CACHE: 's3://wheels/team',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SECRET,
  };
  return { reader, writer: { ...reader, TERCET_REMOTE_CACHE_UPLOAD: '1' }, kill: () => killed(children) };
}

const SECRET = 'a-secret-of-the-team';

function start(stage: Stage, command: readonly string[]): { readonly child: Bun.Subprocess; readonly log: string } {
  const log = join(stage.home, `${command[0]?.split('/').at(-1)}.log`);
  const child = Bun.spawn([...command], {
    cwd: stage.home,
    env: { ...stage.env },
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: Bun.file(log),
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return { child, log };
}

/** Waits until something answers at `url`; 20 seconds at most. */
async function up(url: string, child: Bun.Subprocess, log: string): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    try {
      await fetch(url);
      return;
    } catch {
      await Bun.sleep(100);
    }
  }
  throw new Error(`it does not come up:\n${readFileSync(log, 'utf8')}`);
}

async function killed(children: readonly Bun.Subprocess[]): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ exited }) => exited));
}
