package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The limits found, in {@code limits.json} of the state directory: what must be put back when Chase
 * goes. Every change is on the disk when its method returns. The threads of all GPUs write here,
 * one after the other.
 */
public final class LimitJournal {
  private static final String FILE = "limits.json";

  private final DurableFile file;
  private final InstantSource clock;
  private final JournalText text = new JournalText();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile Map<GpuId, JournalEntry> entries;

  private LimitJournal(Path path, InstantSource clock) throws StateException {
    this.file = new DurableFile(path);
    this.clock = clock;
    this.entries = read(path);
  }

  /**
   * Opens the journal of a state directory, and writes it once, so that trouble with the disk shows
   * now and not at the first limit.
   *
   * @throws StateException when it cannot be read or written; it is never deleted or moved
   */
  public static LimitJournal open(Path directory, InstantSource clock) throws StateException {
    Path path = directory.resolve(FILE);
    LimitJournal journal = new LimitJournal(path, clock);
    try {
      journal.change(entries -> entries);
    } catch (IOException e) {
      throw new StateException("cannot write the journal " + path + ": " + reason(e));
    }
    return journal;
  }

  /**
   * Whether something is on record in a state directory; only looks.
   *
   * @throws StateException when there is a journal that cannot be read
   */
  public static boolean holdsAnything(Path directory, InstantSource clock) throws StateException {
    return !new LimitJournal(directory.resolve(FILE), clock).entries().isEmpty();
  }

  private Map<GpuId, JournalEntry> read(Path path) throws StateException {
    try {
      return text.read(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (AccessDeniedException e) {
      throw new StateException("no permission to read the journal " + path);
    } catch (IOException e) {
      throw new StateException(unreadable(path, "it is damaged or cannot be read"));
    } catch (StateException e) {
      throw new StateException(unreadable(path, e.getMessage()));
    }
  }

  private static String unreadable(Path path, @Nullable String why) {
    return "the journal "
        + path
        + " cannot be used: "
        + why
        + "; check the GPUs' limits (nvidia-smi -q -d POWER), then move the file away";
  }

  /** What must be put back, by GPU. */
  public Map<GpuId, JournalEntry> entries() {
    return entries;
  }

  /** What must be put back on one GPU. */
  public Optional<JournalEntry> entry(GpuId gpu) {
    return Optional.ofNullable(entries.get(gpu));
  }

  /**
   * Notes a limit before it is written to the card. An original that is itself one of Chase's older
   * limits does not replace the one on record.
   */
  void intend(GpuId gpu, String model, Watts original, Watts limit) throws IOException {
    Optional<JournalEntry> before = entry(gpu);
    boolean sameStory =
        before
            .filter(old -> old.original().sameLimitAs(original) || old.isOurs(original))
            .isPresent();
    Watts found = sameStory ? before.orElseThrow().original() : original;
    List<Watts> ours = sameStory ? before.orElseThrow().ours() : List.of();
    put(gpu, new JournalEntry(model, found, with(ours, limit), clock.instant()));
  }

  /** Notes what the card really shows after a write: the only limits of ours from now on. */
  void confirm(GpuId gpu, Watts asked, Watts shown) throws IOException {
    Optional<JournalEntry> before = entry(gpu);
    if (before.isPresent()) {
      List<Watts> ours = with(List.of(asked), shown);
      put(
          gpu,
          new JournalEntry(before.get().model(), before.get().original(), ours, clock.instant()));
    }
  }

  /** Drops a GPU: its limit is back, or somebody else's. */
  void forget(GpuId gpu) throws IOException {
    if (entries.containsKey(gpu)) {
      change(old -> {
        old.remove(gpu);
        return old;
      });
    }
  }

  private static List<Watts> with(List<Watts> limits, Watts limit) {
    if (limits.stream().anyMatch(limit::sameLimitAs)) {
      return limits;
    }
    List<Watts> more = new ArrayList<>(limits);
    more.add(limit);
    return more;
  }

  private void put(GpuId gpu, JournalEntry entry) throws IOException {
    change(old -> {
      old.put(gpu, entry);
      return old;
    });
  }

  private void change(UnaryOperator<Map<GpuId, JournalEntry>> step) throws IOException {
    writing.lock();
    try {
      Map<GpuId, JournalEntry> next = step.apply(new LinkedHashMap<>(entries));
      file.write(text.write(next));
      entries = Map.copyOf(next);
    } finally {
      writing.unlock();
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
