package chase.daemon.page;

import chase.daemon.api.ApiJson;
import chase.daemon.api.PageHistoryBody;
import chase.daemon.http.SharedContent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Puts together what the page's clients are sent. On one thread at a time, no event loop. */
final class PageUpdates {
  private final JsonMapper mapper = ApiJson.mapper();
  private final PageSource source;
  private PageVersion latest = PageVersion.NONE;
  private long newestPoint;

  PageUpdates(PageSource source) {
    this.source = source;
  }

  /**
   * What has happened in a second.
   *
   * @param version the page now, where anybody looks at it
   * @param points the new points of the history
   */
  record Update(Optional<PageVersion> version, Optional<NewPoints> points) {
    /** Nothing. */
    static final Update NONE = new Update(Optional.empty(), Optional.empty());
  }

  /**
   * Points that have just ended.
   *
   * @param newest the end of the last of them, in seconds since 1970
   * @param json all of them
   */
  record NewPoints(long newest, String json) {}

  /** Another second. */
  Update tick(boolean watched) {
    source.tick();
    return new Update(watched ? Optional.of(version()) : Optional.empty(), points());
  }

  /** The page now. */
  PageVersion version() {
    latest = latest.next(source.page(), mapper);
    return latest;
  }

  private Optional<NewPoints> points() {
    PageHistoryBody body = source.pointsSince(newestPoint);
    if (body.time().isEmpty()) {
      return Optional.empty();
    }
    newestPoint = body.time().getLast();
    return Optional.of(new NewPoints(newestPoint, json(body)));
  }

  /** The history now, compressed. */
  SharedContent history() {
    return SharedContent.json((json(source.history()) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private String json(Object body) {
    try {
      return mapper.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the page's history", e);
    }
  }
}
