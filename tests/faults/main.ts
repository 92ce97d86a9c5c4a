/**
 * The table of faults and attacks: each case is passed only if exit code, words and disk are all right.
 * `npm run faults` runs all of them; `npm run faults 10 17` only these; `npm run faults -- --peers` also tries what pip, uv and Poetry make
 * of the same wheels, where they are found.
 */

import { CannotRun, type FaultCase } from './bed.ts';
import { FAULT_CASES } from './catalogue.ts';
import { markOf, peerAttacks, peersHere } from './peers.ts';

type Outcome = { readonly mark: '✔' | '✘' | '–'; readonly seconds: number; readonly why?: string };

async function outcomeOf({ run }: FaultCase): Promise<Outcome> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    await run(true);
    return { mark: '✔', seconds: seconds() };
  } catch (error) {
    const { message } = error as Error;
    return { mark: error instanceof CannotRun ? '–' : '✘', seconds: seconds(), why: message };
  }
}

const peers = process.argv.includes('--peers') ? peersHere() : [];
const attacks = peerAttacks();
const wanted = new Set(
  process.argv
    .slice(2)
    .filter((one) => /^\d+$/.test(one))
    .map(Number),
);
const cases = FAULT_CASES.filter(({ number }) => wanted.size === 0 || wanted.has(number));
let passed = 0;
for (const one of cases) {
  const { mark, seconds, why } = await outcomeOf(one);
  if (mark === '✔') passed += 1;
  const wheels = attacks.get(one.number);
  const others: string[] = [];
  for (const peer of wheels === undefined ? [] : peers) others.push(`${peer.name} ${await markOf(peer, wheels ?? [])}`);
  const beside = others.length === 0 ? '' : ` [${others.join(', ')}]`;
  console.log(
    `${mark} ${String(one.number).padStart(2)}  ${one.title} → ${one.expected} (${seconds.toFixed(1)} s)${beside}`,
  );
  if (why !== undefined) console.log(why.replace(/^/gm, '       '));
}
console.log(`tercet passes ${passed} of ${cases.length}`);
process.exit(passed === cases.length ? 0 : 1);
