/** Words of the languages beside Russian: which parts each has is read with the first of them. */
export const others = import.meta.glob<{ default: object }>(['./uk/*.ts', './crh/*.ts', './en/*.ts']);
