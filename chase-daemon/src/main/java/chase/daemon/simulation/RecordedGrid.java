package chase.daemon.simulation;

import chase.carbon.trace.Trace;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.WeightTrace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a recorded signal for replays. */
public final class RecordedGrid {
  /** The header is the first line, and lines count from one. */
  private static final int LINE_OF_FIRST_ROW = 2;

  private RecordedGrid() {}

  /**
   * The recording in a CSV file with the header {@code time,grams_per_kwh}. A value holds until the
   * next one. Where the next one is more than three usual steps away the file has a gap, and a
   * simulation over it would be made up, so it is refused.
   *
   * @throws IllegalArgumentException in the form {@code FILE:LINE: what is wrong}
   */
  public static WeightTrace read(Path file) {
    Trace trace = Trace.read(file);
    List<Slot> slots = new ArrayList<>(trace.rows());
    for (int row = 0; row < trace.rows(); row++) {
      if (row > 0) {
        requireNoGap(file, row, trace.to(row - 1), trace.from(row));
      }
      slots.add(new Slot(trace.from(row), trace.to(row), trace.value(row).value()));
    }
    return new WeightTrace(slots);
  }

  /** Refuses a row that does not begin where the one before it ends. */
  static void requireNoGap(Path file, int row, Instant end, Instant next) {
    if (end.isBefore(next)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s:%d: gap: no value between %s and %s",
              file,
              row + LINE_OF_FIRST_ROW,
              end,
              next));
    }
  }
}
