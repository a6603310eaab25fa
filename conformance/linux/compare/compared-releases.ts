/**
 * Kernel releases that were compared and of which every disagreement is explained or mended. On
 * others a disagreement may be news.
 */
export const COMPARED_RELEASES: readonly string[] = ['6.18'];
