package chase.daemon.access;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Who wrote what, as {@link AuditFile} keeps it. Nothing waits for it: lines are written on a
 * thread of its own, some at once, and are on the disk within moments. Where they cannot be
 * written, requests go on, the log warns once, and each line that is lost is counted. Any thread
 * may call.
 */
public final class AuditLog implements AutoCloseable {
  /** Lines of one user in a minute; beyond it requests are counted, and limits are not. */
  static final int LINES_A_MINUTE = 120;

  /** The header by which an answer says what was accepted and is not in force, and why. */
  public static final String HELD_HEADER = "Chase-Held";

  private static final Logger LOG = System.getLogger(AuditLog.class.getName());
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_WAITING = 4096;
  private static final int MAX_AT_ONCE = 256;
  private static final int POLL_SECONDS = 5;

  /** Ends the writer's wait. */
  private static final AuditLine WAKE = AuditLine.more(Instant.EPOCH, "", 0);

  private final AuditFile file;
  private final InstantSource clock;
  private final AuditCounter counter;
  private final BlockingQueue<AuditLine> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Map<String, UserMinute> minutes = new HashMap<>();
  private final ReentrantLock counting = new ReentrantLock();
  private final Thread writer;
  private volatile boolean closing;
  private boolean failing;

  /** The lines of one user in one minute. */
  private static final class UserMinute {
    private final Instant since;
    private int lines;
    private int more;

    UserMinute(Instant since) {
      this.since = since;
    }
  }

  /**
   * A GPU's limits at one moment.
   *
   * @param index what people call it
   * @param requestedWatts what was last read of what is requested of it
   * @param targetWatts what Chase wants
   * @param why why that is so
   */
  public record AuditedLimit(
      int index,
      String uuid,
      Optional<Double> requestedWatts,
      Optional<Double> targetWatts,
      String why) {}

  /** Counts lines. */
  public interface AuditCounter {
    /** So many lines were written or, where they could not be, lost. */
    void audited(boolean written, int lines);
  }

  /** A log in {@code file}, which the first line opens. */
  public AuditLog(AuditFile file, InstantSource clock, AuditCounter counter) {
    this.file = file;
    this.clock = clock;
    this.counter = counter;
    this.writer = Thread.ofPlatform().daemon().name("audit").start(this::write);
  }

  /**
   * Adds a line; returns at once. What a user had too much of takes no room in the queue, which is
   * everybody's.
   */
  void add(AuditLine line) {
    bounded(() -> admitted(line))
        .forEach(each -> {
          if (!waiting.offer(each)) {
            counter.audited(false, 1);
          }
        });
  }

  /** One thread at a time counts what users had. */
  private List<AuditLine> bounded(Supplier<List<AuditLine>> lines) {
    counting.lock();
    try {
      return lines.get();
    } finally {
      counting.unlock();
    }
  }

  /**
   * The line, unless its user has had enough of them; and what is to be said of earlier minutes.
   */
  private List<AuditLine> admitted(AuditLine line) {
    List<AuditLine> admitted = counted(line.at(), false);
    UserMinute minute = minutes.computeIfAbsent(line.bucket(), first -> new UserMinute(line.at()));
    if (minute.lines < LINES_A_MINUTE) {
      minute.lines++;
      admitted.add(line);
    } else if (line.kind().equals("request")) {
      minute.more++;
    }
    return admitted;
  }

  /** The requests that were only counted in minutes which are over, as all are at the end. */
  private List<AuditLine> counted(Instant now, boolean last) {
    List<AuditLine> counted = new ArrayList<>();
    minutes
        .entrySet()
        .removeIf(each -> {
          UserMinute minute = each.getValue();
          boolean over = last || !now.isBefore(minute.since.plus(MINUTE));
          if (over && minute.more > 0) {
            counted.add(AuditLine.more(now, each.getKey(), minute.more));
          }
          return over;
        });
    return counted;
  }

  private void write() {
    try {
      while (!closing || !waiting.isEmpty()) {
        try {
          writeNext();
        } catch (RuntimeException e) {
          warnOnce(e);
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.WARNING, "the audit log ends early: " + e);
    }
  }

  private void writeNext() throws InterruptedException {
    Optional<AuditLine> first = Optional.ofNullable(waiting.poll(POLL_SECONDS, TimeUnit.SECONDS));
    List<AuditLine> lines = new ArrayList<>();
    first.ifPresent(lines::add);
    waiting.drainTo(lines, MAX_AT_ONCE);
    lines.removeIf(WAKE::equals);
    append(lines);
    if (waiting.isEmpty()) {
      append(bounded(() -> counted(clock.instant(), closing)));
    }
  }

  private void append(List<AuditLine> lines) {
    if (lines.isEmpty()) {
      return;
    }
    try {
      file.append(lines.stream().map(AuditLine::json).toList());
      counter.audited(true, lines.size());
      if (failing) {
        LOG.log(Level.INFO, "the audit log is written again: " + file.path());
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      warnOnce(e);
      counter.audited(false, lines.size());
    }
  }

  private void warnOnce(Exception why) {
    if (!failing) {
      LOG.log(
          Level.WARNING, "the audit log cannot be written, and requests go on without it: " + why);
    }
    failing = true;
  }

  /**
   * The newest lines as JSON, the oldest of them first; blocks.
   *
   * @throws IOException when they cannot be read
   */
  public List<String> newest(int max) throws IOException {
    return file.newest(max);
  }

  /** Writes what waits, for a moment at most. */
  @Override
  public void close() {
    closing = true;
    // Not an interrupt: it would close the file under a line that is being written.
    var _ = waiting.offer(WAKE);
    try {
      writer.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
