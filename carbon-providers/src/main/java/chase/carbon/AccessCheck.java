package chase.carbon;

/** Tries out what a provider lets this host do. Calls block, as a source's do. */
public interface AccessCheck {
  /**
   * Asks as little as tells a bad key from a small plan, from missing data, from a provider that is
   * down and from a wrong clock.
   *
   * @throws InterruptedException when the calling thread is told to stop
   */
  ProviderCheck check() throws InterruptedException;
}
