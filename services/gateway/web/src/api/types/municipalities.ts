/** Municipalities (`roster.v1`). */
import { count, list, type Of, record, text } from '../shape';

export const municipality = record({ municipalityId: text, title: text, schoolCount: count, etag: text });

export type Municipality = Of<typeof municipality>;

export const municipalityRollout = record({
  municipalityId: text,
  title: text,
  schoolCount: count,
  measureCount: count,
  doneCount: count,
  overdueCount: count,
  responsibilities: list(text),
  localActs: list(text),
  heldTrainingCount: count,
  gaps: list(text),
});

export type MunicipalityRollout = Of<typeof municipalityRollout>;
