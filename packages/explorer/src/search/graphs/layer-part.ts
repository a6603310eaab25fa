import type { ClaimTable } from '../claims.js';
import { NotedPart } from './noted-part.js';

/** A part of a search for graphs that leaves to others the states that they have claimed. */
export class LayerPart extends NotedPart {
  readonly spent = 0;

  constructor(claims: ClaimTable) {
    super();
    this.claims = claims;
  }
}
