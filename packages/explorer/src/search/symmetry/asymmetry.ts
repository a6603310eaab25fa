/** Threads that were said to be interchangeable are not; the message says what tells them apart. */
export class Asymmetry extends Error {
  override readonly name = 'Asymmetry';
}
