package chase.daemon.cli.view;

import chase.daemon.fixtures.TestDaemon;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** TestLayouts of a known width, zone and moment. */
final class TestLayouts {
  private TestLayouts() {}

  /** Without colour, at noon in UTC. */
  static TextLayout of(int width) {
    return in(width, ZoneOffset.UTC);
  }

  static TextLayout in(int width, ZoneId zone) {
    return new TextLayout(
        width, false, true, new LocalTimes(zone, TestDaemon.NOON), ColumnChoice.usual(), true);
  }
}
