package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What was used, emitted and paid, and by whom. Any thread may call. */
public interface Ledger {
  /** The ledger of a daemon that keeps none. */
  Ledger NONE = new Disabled();

  /**
   * A report on everything up to now. What could not be written is not in it.
   *
   * @return fails with {@link LedgerException} when it is about a job or GPU that was never known,
   *     and when the ledger cannot be read
   */
  Future<ReportBody> report(ReportQuery query);

  /** Its state; empty where nothing is kept. */
  Optional<LedgerStatus> status();

  /** What each job used, emitted and saved since Chase started; nothing where nothing is kept. */
  JobTotals jobTotals();

  /** Adds everything used up to now; completes when it is added. */
  Future<Boolean> refresh();

  /**
   * The state of the ledger, immutable.
   *
   * @param written rows that were written
   * @param waiting rows that are to be written
   * @param dropped rows that were lost, because too many waited
   * @param failures times that nothing could be written, by why
   * @param committedAt when rows were last written
   * @param bytes the size of the database; 0 before it was first written
   */
  record LedgerStatus(
      long written,
      long waiting,
      long dropped,
      Map<WriteFailure, Long> failures,
      Optional<Instant> committedAt,
      long bytes) {
    /** Nothing done yet. */
    public static final LedgerStatus NEW = new LedgerStatus(0, 0, 0, Map.of(), Optional.empty(), 0);

    /** Copies the map. */
    public LedgerStatus {
      failures = Map.copyOf(failures);
    }

    /** Why a database was not written, as metrics report it. */
    public enum WriteFailure {
      /** Another process has locked it. */
      LOCKED,
      /** The disk is full. */
      FULL,
      /** The file is no database, or no longer a sound one. */
      DAMAGED,
      /** The file or its directory cannot be opened or written. */
      DENIED,
      /** The disk failed. */
      BROKEN,
      /** Anything else. */
      OTHER;

      /** The result codes of SQLite 3; the low byte of extended ones is the kind. */
      static WriteFailure of(SQLException failure) {
        return switch (failure.getErrorCode() & 0xff) {
          case 5, 6 -> LOCKED;
          case 13 -> FULL;
          case 11, 26 -> DAMAGED;
          case 3, 8, 14, 23 -> DENIED;
          case 10 -> BROKEN;
          default -> OTHER;
        };
      }

      /** Its name in metrics and messages. */
      public String word() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /** The ledger cannot answer; the message says why, in one line. */
  final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why it cannot. */
    public enum LedgerFailure {
      /** The query is about a job that was never known. */
      UNKNOWN_JOB,
      /** The query is about a GPU that was never known. */
      UNKNOWN_GPU,
      /** No ledger is kept, or it cannot be read now. */
      UNAVAILABLE
    }

    private final LedgerFailure kind;

    private LedgerException(LedgerFailure kind, String message) {
      super(message);
      this.kind = kind;
    }

    static LedgerException unknown(LedgerFailure kind, String name) {
      String what = kind == LedgerFailure.UNKNOWN_JOB ? "job" : "GPU";
      return new LedgerException(kind, "no %s '%s' is known here".formatted(what, name));
    }

    static LedgerException unavailable(String message) {
      return new LedgerException(LedgerFailure.UNAVAILABLE, message);
    }

    /** Why it cannot. */
    public LedgerFailure kind() {
      return kind;
    }
  }

  /** Keeps nothing. */
  final class Disabled implements Ledger {
    @Override
    public Future<ReportBody> report(ReportQuery query) {
      return Future.failedFuture(
          LedgerException.unavailable(
              "this daemon keeps no ledger: ledger.enabled is false, or it only observes and has no"
                  + " state directory of its own to write to"));
    }

    @Override
    public Optional<LedgerStatus> status() {
      return Optional.empty();
    }

    @Override
    public JobTotals jobTotals() {
      return JobTotals.NONE;
    }

    @Override
    public Future<Boolean> refresh() {
      return Future.succeededFuture(false);
    }
  }
}
