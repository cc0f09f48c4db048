package chase.daemon.faults;

import chase.daemon.faults.RawClient.RawAnswer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What came of the requests of one kind. */
final class RequestTally {
  /**
   * A request, and how long its client waits before it says that no more will come.
   *
   * @param patience {@link #FINISHED} where it is whole and must be answered
   */
  record Sent(SocketAddress to, ByteBuffer bytes, Duration patience) {
    static final Duration FINISHED = Duration.ofSeconds(60);

    Sent(SocketAddress to, byte[] bytes, Duration patience) {
      this(to, ByteBuffer.wrap(bytes), patience);
    }
  }

  private final String what;
  private final HostileRequests requests;
  private final Queue<String> faults;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger hung = new AtomicInteger();
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  RequestTally(String what, HostileRequests requests, Queue<String> faults) {
    this.what = what;
    this.requests = requests;
    this.faults = faults;
  }

  void one(Sent sent, int n) throws IOException {
    RawAnswer answer = RawClient.send(sent.to(), sent.bytes().array(), sent.patience());
    requests.learn(answer.text());
    if (answer.statuses().isEmpty()) {
      closed.incrementAndGet();
    }
    for (int status : answer.statuses()) {
      count(status, sent, n);
    }
    if (answer.hung()) {
      hung.incrementAndGet();
      fault("hung", sent, n);
    }
    if (sent.patience().equals(Sent.FINISHED)) {
      nanos.add(answer.nanos());
    }
  }

  private void count(int status, Sent sent, int n) {
    if (status < 400) {
      done.incrementAndGet();
    } else if (status < 500) {
      refused.incrementAndGet();
    } else {
      failed.incrementAndGet();
      fault("answered " + status, sent, n);
    }
  }

  private void fault(String how, Sent sent, int n) {
    if (failed.get() + hung.get() <= 5) {
      faults.add(
          what
              + ", request "
              + n
              + " "
              + how
              + ": "
              + FuzzedInputsTest.shown(new String(sent.bytes().array(), StandardCharsets.UTF_8)));
    }
  }

  void add(FloodedHost host, int count, FaultTable table) throws Exception {
    if (!host.isAlive()) {
      throw new AssertionError(what + ": the daemon is dead: " + Files.readString(host.log()));
    }
    if (!host.answers()) {
      faults.add(what + ": a plain request is not answered any more");
    }
    Duration pause = host.longestPause();
    if (pause.toSeconds() >= 10) {
      faults.add(what + ": the control loop stood still for " + pause);
    }
    if (host.peakKib() > FloodedHost.MAX_RSS_KIB) {
      faults.add(what + ": it takes " + host.peakKib() + " KiB");
    }
    boolean silent = done.get() + refused.get() + closed.get() + failed.get() == 0;
    table.add(
        what,
        count,
        silent ? "" : done,
        silent ? "" : refused,
        silent ? "" : closed,
        silent ? "" : failed,
        silent ? "" : hung,
        nanos.isEmpty() ? "" : seconds(nanos.stream().mapToLong(Long::longValue).max().orElse(0)),
        seconds(pause.toNanos()),
        host.peakKib() / 1024 + " MB");
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }
}
