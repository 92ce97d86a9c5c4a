/** The text of markers, as Poetry writes it: double quotes, parentheses only round an `or` inside an `and`. */

import { memoTable } from './_memo.ts';
import type { Marker } from './_node.ts';
import type { StringComparison } from './string-constraint.ts';

const texts = memoTable<number, string>();

/** The marker's text: nothing for the one that always holds, `<empty>` for the one that never does. */
export function formatMarker(marker: Marker): string {
  let text = texts.get(marker.id);
  if (text === undefined) {
    text = written(marker);
    texts.set(marker.id, text);
  }
  return text;
}

function written(marker: Marker): string {
  switch (marker.kind) {
    case 'any':
      return '';
    case 'empty':
      return '<empty>';
    case 'single': {
      const { name, operator, value } = marker;
      return marker.swapped ? `"${value}" ${operator} ${name}` : `${name} ${operator} "${value}"`;
    }
    case 'atomic-and':
      return comparisons(marker.name, marker.strings.members).join(' and ');
    case 'atomic-or':
      return comparisons(marker.name, marker.strings.members).join(' or ');
    case 'and':
      return marker.markers
        .map((member) => (standsBare(member) ? formatMarker(member) : `(${formatMarker(member)})`))
        .join(' and ');
    case 'or':
      return marker.markers.map(formatMarker).join(' or ');
  }
}

function comparisons(name: string, members: readonly StringComparison[]): string[] {
  return members.map(({ operator, value }) => `${name} ${operator} "${value}"`);
}

function standsBare({ kind }: Marker): boolean {
  return kind === 'single' || kind === 'and' || kind === 'atomic-and';
}
