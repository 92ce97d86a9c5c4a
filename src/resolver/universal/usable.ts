/** Whether a release can be selected as far as Python goes. See docs/resolver.md, "Completion". */

import { pythonConstraintOf } from '../../markers/marker.ts';
import { allowsAll, difference, intersect, isAnyRange, isEmptyRange } from '../../versions/version-range.ts';
import type { Chosen } from './completion.ts';
import { transitiveMarker } from './dependency.ts';
import type { Run } from './overrides.ts';

/** True where the package's Pythons cover those of the run, or at least those under which it is reached. */
export function isUsable(run: Run, { dependency, pack }: Chosen): boolean {
  if (allowsAll(pack.python, run.python)) return true;
  const reached = pythonConstraintOf(transitiveMarker(dependency));
  const common = intersect(pack.python, reached);
  const uncovered = intersect(difference(reached, common), run.python);
  return !(
    isAnyRange(reached) ||
    isEmptyRange(intersect(run.python, dependency.python)) ||
    isEmptyRange(common) ||
    !isEmptyRange(uncovered)
  );
}
