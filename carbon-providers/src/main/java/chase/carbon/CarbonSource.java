package chase.carbon;

/** Tells a region's carbon intensity now. Calls block: never on an event loop. */
public interface CarbonSource {
  /** The provider's short name, as in labels and tables. */
  String provider();

  /** The region that the source speaks of. */
  Region region();

  /**
   * The newest number that describes the present.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   * @throws InterruptedException when the calling thread is told to stop
   */
  CarbonIntensity current() throws CarbonUnavailable, InterruptedException;
}
