/**
 * Requests to S3 and what speaks its protocol, signed: AWS Signature Version 4, with the hash of the payload.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */

import { createHmac } from 'node:crypto';
import { sha256 } from '../files/sha256.ts';
import { percentDecoded, percentEncoded } from '../ground/percent.ts';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly url: URL;
  /** SHA-256 of the body, hexadecimal. Default: that of nothing. */
  readonly payload?: string;
  readonly now: Date;
}

const NOTHING = sha256('');

/** The headers that make it a signed request; `host` is not among them, since the client sends it. */
export function s3Headers({ method, url, payload = NOTHING, now }: S3Request, keys: S3Keys): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    'x-amz-content-sha256': payload,
    'x-amz-date': time,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const signed = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const request = [
    method,
    url.pathname
      .split('/')
      .map((part) => percentEncoded(percentDecoded(part)))
      .join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
      .sort()
      .join('&'),
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    payload,
  ].join('\n');
  const scope = `${day}/${keys.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const key = [day, keys.region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `${keys.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
