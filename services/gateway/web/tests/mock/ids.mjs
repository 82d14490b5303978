let last = 0;

/** A new id of the mock's world. */
export function id(prefix) {
  last += 1;
  return `${prefix}_${last.toString(16).padStart(32, '0')}`;
}
