/**
 * The runtime compiles what it runs a few hundred times. In work of some tenths of a second, most of it the file system's, that costs
 * more processor than it saves, and 10 to 20 MiB.
 */

/** How many times as often a thread's code has to run before it is compiled. */
const LATE = 30;

/** From here on this thread compiles late. */
export function compileLate(): void {
  Bun.unsafe.setJITPolicy(LATE);
}

/** From here on it compiles as usual: where much is computed. */
export function compileAsUsual(): void {
  Bun.unsafe.setJITPolicy(1);
}
