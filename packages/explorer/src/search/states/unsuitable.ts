/** A scenario does what parts of states say too little about: it has to be executed path by path. */
export class Unsuitable extends Error {
  override readonly name = 'Unsuitable';
}
