/** Which proxy an address is fetched through: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, as curl and requests have them. */

type Env = Readonly<Record<string, string | undefined>>;

/** The proxy's address for a URL; undefined to go straight. Small-letter names win. */
export function proxyFor(url: URL, env: Env): string | undefined {
  if (isExcepted(url, variable(env, 'no_proxy') ?? '')) return undefined;
  const scheme = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = variable(env, scheme) ?? variable(env, 'all_proxy');
  if (proxy === undefined || proxy === '') return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Whether `NO_PROXY` names the host: `*`, a host, a domain (with all below it), a network like `10.0.0.0/8`, each with or without port. */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80';
  for (const item of list.toLowerCase().split(',')) {
    let name = item.trim();
    if (name === '') continue;
    if (name === '*') return true;
    const withPort = /^(.*):([0-9]+)$/.exec(name);
    if (withPort?.[1] !== undefined && (!withPort[1].includes(':') || withPort[1].endsWith(']'))) {
      if (withPort[2] !== port) continue;
      name = withPort[1];
    }
    name = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
    if (host === name || host.endsWith(`.${name}`)) return true;
    if (name.includes('/') && inNetwork(host, name)) return true;
  }
  return false;
}

function inNetwork(host: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const address = ipv4(host);
  const first = ipv4(base);
  const length = Number(bits);
  if (address === undefined || first === undefined || !(length >= 0 && length <= 32)) return false;
  const size = 2 ** (32 - length);
  return Math.floor(address / size) === Math.floor(first / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^[0-9]{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function variable(env: Env, name: string): string | undefined {
  return env[name] ?? env[name.toUpperCase()];
}
