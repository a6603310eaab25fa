const COUNT_SHIFT = 16;
const ANSWER_MASK = 0xffff;

/**
 * Keeps an answer together with how many there were to its question: where there are more or fewer, the
 * same number may stand for something else.
 */
export function answered(answer: number, count: number): number {
  return (count << COUNT_SHIFT) | answer;
}

/** The answer of what {@link answered} made. */
export function answerOf(given: number): number {
  return given & ANSWER_MASK;
}

/** How many answers there were to its question. */
export function countOf(given: number): number {
  return given >>> COUNT_SHIFT;
}
