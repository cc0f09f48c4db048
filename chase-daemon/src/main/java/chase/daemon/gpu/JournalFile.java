package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What must be put back on each GPU, in one file. Every change is on the disk when its method
 * returns. The threads of all GPUs write here, one after the other.
 *
 * @param <E> what is noted of one GPU
 */
final class JournalFile<E> {
  /** How entries become text and back. */
  interface Form<E> {
    byte[] write(Map<GpuId, E> entries) throws IOException;

    /** Refuses everything that {@link #write} would not write: a guess could harm a card. */
    Map<GpuId, E> read(byte[] text) throws IOException, StateException;
  }

  private final Path path;
  private final Form<E> form;
  private final DurableFile file;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile Map<GpuId, E> entries;

  private JournalFile(Path path, Form<E> form, String check) throws StateException {
    this.path = path;
    this.form = form;
    this.file = new DurableFile(path);
    this.entries = read(check);
  }

  /**
   * Reads a journal; only looks.
   *
   * @param check the command that shows a person what the cards have
   * @throws StateException when there is one that cannot be read; it is never deleted or moved
   */
  static <E> JournalFile<E> look(Path path, Form<E> form, String check) throws StateException {
    return new JournalFile<>(path, form, check);
  }

  /**
   * Reads a journal and writes it once, so that trouble with the disk shows now and not at the
   * first change.
   *
   * @throws StateException when it cannot be read or written
   */
  static <E> JournalFile<E> open(Path path, Form<E> form, String check) throws StateException {
    JournalFile<E> journal = look(path, form, check);
    try {
      journal.change(entries -> entries);
    } catch (IOException e) {
      throw new StateException("cannot write the journal " + path + ": " + reason(e));
    }
    return journal;
  }

  private Map<GpuId, E> read(String check) throws StateException {
    try {
      return form.read(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (AccessDeniedException e) {
      throw new StateException("no permission to read the journal " + path);
    } catch (IOException e) {
      throw new StateException(unreadable("it is damaged or cannot be read", check));
    } catch (StateException e) {
      throw new StateException(unreadable(e.getMessage(), check));
    }
  }

  private String unreadable(@Nullable String why, String check) {
    return "the journal %s cannot be used: %s; check the GPUs (%s), then move the file away"
        .formatted(path, why, check);
  }

  Map<GpuId, E> entries() {
    return entries;
  }

  Optional<E> entry(GpuId gpu) {
    return Optional.ofNullable(entries.get(gpu));
  }

  void put(GpuId gpu, E entry) throws IOException {
    change(old -> {
      old.put(gpu, entry);
      return old;
    });
  }

  void forget(GpuId gpu) throws IOException {
    if (entries.containsKey(gpu)) {
      change(old -> {
        old.remove(gpu);
        return old;
      });
    }
  }

  private void change(UnaryOperator<Map<GpuId, E>> step) throws IOException {
    writing.lock();
    try {
      Map<GpuId, E> next = step.apply(new LinkedHashMap<>(entries));
      file.write(form.write(next));
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
