package chase.carbon.forecast;

/** What became of a sample. */
public enum Reception {
  /** It is the newest one, and was learned from. */
  LEARNED,
  /** The first one after a change of the provider's model, or a long silence; all starts anew. */
  RESTARTED,
  /** Its slot is known already: the first value counts, later ones change nothing. */
  REPEATED,
  /** It is older than the newest one: what was skipped stays a gap. */
  OUTDATED
}
