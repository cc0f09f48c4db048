package chase.daemon.gpu;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Where the GPU driver of this host stands. */
public sealed interface DriverState {
  /** Every {@link #word}. */
  List<String> WORDS = List.of("open", "missing", "released");

  /** It is open. */
  record Open() implements DriverState {}

  /** It is not there, or went away, and is tried again. */
  record Missing(String why) implements DriverState {}

  /**
   * An operator had it closed, so that it can be changed.
   *
   * @param until when it is opened again, where nothing opens it before
   */
  record Released(Instant until) implements DriverState {
    /** Such as {@code an operator released the driver until 2026-11-30T10:00:00Z}. */
    public String text() {
      return "an operator released the driver until " + until.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** In one word: {@code open}, {@code missing} or {@code released}. */
  default String word() {
    return switch (this) {
      case Open o -> "open";
      case Missing m -> "missing";
      case Released r -> "released";
    };
  }

  /** Why it is not open; empty while it is. */
  default Optional<String> whyNot() {
    return switch (this) {
      case Open o -> Optional.empty();
      case Missing missing -> Optional.of(missing.why());
      case Released released -> Optional.of(released.text());
    };
  }

  /** When a release ends. */
  default Optional<Instant> releasedUntil() {
    return this instanceof Released(Instant end) ? Optional.of(end) : Optional.empty();
  }
}
