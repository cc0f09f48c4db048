package chase.zeus.batchsize;

/** How a study chooses batch sizes. */
public enum SearchMethod {
  /** One sweep outward, then Thompson sampling with unknown noise over what is left. */
  CHASE,
  /** Zeus's algorithm (NSDI'23, sections 4.2 to 4.4), defects included; as a baseline. */
  ZEUS
}
