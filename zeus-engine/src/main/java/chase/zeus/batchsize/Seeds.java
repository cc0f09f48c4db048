package chase.zeus.batchsize;

/** Chance that a study's trials rebuild. */
final class Seeds {
  private Seeds() {}

  /**
   * What the next trial's chance begins from: the study's seed and the trial's number, spread over
   * all bits by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA'14).
   */
  static long seed(Study study) {
    long bits = study.spec().seed() * 0x9E3779B97F4A7C15L + study.trialCount();
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }
}
