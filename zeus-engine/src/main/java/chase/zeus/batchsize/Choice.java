package chase.zeus.batchsize;

/**
 * What a policy wants to try next.
 *
 * @param why in words, with figures
 */
record Choice(int batchSize, Trial.Kind kind, String why) {}
