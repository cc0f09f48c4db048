package chase.daemon.page;

import chase.daemon.api.PageBody;
import chase.daemon.api.PageHistoryBody;

/**
 * What the page shows. Called on one thread at a time, which is no event loop; may take a while.
 */
interface PageSource {
  /** Called once a second, whether or not anybody looks at the page. */
  void tick();

  /** Everything at this moment. */
  PageBody page();

  /** What the GPUs did so far. */
  PageHistoryBody history();

  /**
   * The points of the history that ended after {@code second}.
   *
   * @param second seconds since 1970
   */
  PageHistoryBody pointsSince(long second);
}
